import { expect } from "vitest";
import { bus, service, target, type ContractCases } from "./contract-bus.ts";
import { Variant, type DBusValue } from "../wire/value.ts";

/** What every adapter has to do with calls. */
export const callCases: ContractCases = {
  "knows its own name": async ({ near }) => {
    const { body } = await near.call({
      ...bus,
      member: "GetNameOwner",
      signature: "s",
      body: [near.uniqueName ?? ""],
    });
    expect(body).toEqual([near.uniqueName]);
  },
  "calls a method and says who answered": async ({ near, far, stack }) => {
    stack.use(far.serve(({ signature, body }) => Promise.resolve({ signature, body })));
    await far.requestName(service);
    const body: DBusValue[] = ["x", 1n, new Map([["k", new Variant("v", new Variant("u", 7))]])];
    const reply = await near.call({ ...target, member: "Echo", signature: "sta{sv}", body });
    expect(reply).toMatchObject({ signature: "sta{sv}", sender: far.uniqueName });
    expect(reply.body).toEqual(body);
  },
  "keeps the name of a service's error": async ({ near }) => {
    const call = near.call({ ...bus, member: "NoSuchMethod" });
    await expect(call).rejects.toMatchObject({
      code: "ERR_DBUS_CALL_FAILED",
      errorName: "org.freedesktop.DBus.Error.UnknownMethod",
    });
  },
  "gives up when the time is over": async ({ near, far, stack }) => {
    stack.use(far.serve(() => new Promise(() => undefined)));
    await far.requestName(service);
    const call = near.call({ ...target, member: "Never" }, { timeoutMs: 20 });
    await expect(call).rejects.toMatchObject({
      code: "ERR_DBUS_TIMEOUT",
      data: { wasSent: true, timeoutMs: 20 },
    });
  },
  "gives up when the signal says so": async ({ near, far, stack }) => {
    stack.use(far.serve(() => new Promise(() => undefined)));
    await far.requestName(service);
    const controller = new AbortController();
    const call = near.call({ ...target, member: "Never" }, { signal: controller.signal });
    controller.abort(new Error("enough"));
    await expect(call).rejects.toThrow("enough");
  },
  "resolves a call without a reply once it is sent": async ({ near, far, stack }) => {
    const arrived = Promise.withResolvers<string>();
    stack.use(
      far.serve(({ member }) => {
        arrived.resolve(member);
        return Promise.resolve({ signature: "s", body: ["nobody reads this"] });
      }),
    );
    await far.requestName(service);
    const reply = await near.call({ ...target, member: "Quiet" }, { noReply: true });
    expect(reply.body).toEqual([]);
    await expect(arrived.promise).resolves.toBe("Quiet");
  },
  "starts nothing when told so": async ({ near }) => {
    const call = near.call({ ...target, member: "Echo" }, { noAutoStart: true });
    await expect(call).rejects.toMatchObject({
      errorName: expect.stringMatching(/NameHasNoOwner|ServiceUnknown/),
    });
  },
  "says which argument does not fit": async ({ near }) => {
    const call = { ...target, member: "Echo", signature: "su", body: ["a", -1] };
    await expect(near.call({ ...call, argumentNames: ["name", "age"] })).rejects.toMatchObject({
      code: "ERR_DBUS_VALUE",
      data: { argument: '"age"', signature: "u", found: "the number -1" },
    });
  },
  "refuses file descriptors": async ({ near }) => {
    const call = { ...target, member: "Echo", signature: "h", body: [0] };
    await expect(near.call(call)).rejects.toMatchObject({ code: "ERR_DBUS_UNIX_FD" });
  },
  "refuses names that are wrong before the bus would hang up": async ({ near }) => {
    for (const wrong of [
      { destination: "no name" },
      { path: "no/path" },
      { interface: "nointerface" },
      { member: "no-member" },
    ]) {
      const call = near.call({ ...target, member: "Echo", ...wrong });
      await expect(call).rejects.toMatchObject({ code: "ERR_DBUS_NAME" });
      await expect(near.call({ ...bus, member: "GetId" })).resolves.toBeDefined();
    }
  },
  "answers a call that nobody serves": async ({ near, far }) => {
    await far.requestName(service);
    const call = near.call({ ...target, member: "Echo" });
    await expect(call).rejects.toMatchObject({ code: "ERR_DBUS_CALL_FAILED" });
  },
};
