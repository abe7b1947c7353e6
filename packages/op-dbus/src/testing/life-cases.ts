import { expect } from "vitest";
import { bus, changed, service, target, type ContractCases } from "./contract-bus.ts";

/** How long an adapter may take to notice that the bus is gone, and to come back to it. */
const longestReturnMs = 3000;

/** What every adapter has to do from its opening to its end. */
export const lifeCases: ContractCases = {
  "refuses a name that somebody else has": async ({ near, far }) => {
    await far.requestName(service);
    const request = near.requestName(service);
    await expect(request).rejects.toMatchObject({ code: "ERR_DBUS_NAME_TAKEN" });
    await far.releaseName(service);
    await expect(near.requestName(service)).resolves.toBeUndefined();
  },
  "fails what is pending when it is disposed, and ends its streams": async ({
    near,
    far,
    stack,
  }) => {
    stack.use(far.serve(() => new Promise(() => undefined)));
    await far.requestName(service);
    const signals = await near.subscribe(changed);
    const call = near.call({ ...target, member: "Never" });
    const failure = call.catch((error: unknown) => error);
    await near[Symbol.asyncDispose]();
    await near[Symbol.asyncDispose]();
    expect(await failure).toMatchObject({ code: "ERR_DBUS_DISCONNECTED" });
    await expect(signals.next()).resolves.toMatchObject({ done: true });
    const late = near.call({ ...bus, member: "GetId" });
    await expect(late).rejects.toMatchObject({ code: "ERR_DBUS_DISCONNECTED" });
  },
  "fails what is pending when the bus dies, and says so": async ({ near, far, stack, testBus }) => {
    await near.requestName(service);
    const events = stack.use(far.events());
    stack.use(near.serve(() => new Promise(() => undefined)));
    const call = far.call({ ...target, member: "Never" });
    const failure = call.catch((error: unknown) => error);
    await far.call({ ...bus, member: "GetId" });
    await testBus.kill();
    expect(await failure).toMatchObject({
      code: "ERR_DBUS_DISCONNECTED",
      data: { wasSent: true },
      retryable: false,
    });
    await expect(events.next()).resolves.toMatchObject({ value: { kind: "disconnected" } });
    const lost = far.call({ ...bus, member: "GetId" });
    await expect(lost).rejects.toMatchObject({ data: { wasSent: false }, retryable: true });
  },
  "comes back with its rules and names when the bus does": async ({ near, stack, testBus }) => {
    await near.requestName(service);
    const signals = stack.use(await near.subscribe({ sender: service, member: "Changed" }));
    const events = stack.use(near.events({ signal: AbortSignal.timeout(longestReturnMs) }));
    await testBus.kill();
    await testBus.start();
    await expect(events.next()).resolves.toMatchObject({ value: { kind: "disconnected" } });
    await expect(events.next()).resolves.toMatchObject({ value: { kind: "reconnected" } });
    await near.emit({ ...changed, signature: "s", body: ["again"] });
    await expect(signals.next()).resolves.toMatchObject({ value: { body: ["again"] } });
    const owner = { ...bus, member: "GetNameOwner", signature: "s", body: [service] };
    await expect(near.call(owner)).resolves.toMatchObject({ body: [near.uniqueName] });
  },
};
