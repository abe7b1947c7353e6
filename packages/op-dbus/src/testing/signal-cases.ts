import { expect } from "vitest";
import { changed, service, type ContractCases } from "./contract-bus.ts";

/** What every adapter has to do with signals. */
export const signalCases: ContractCases = {
  "takes the signals it asked for": async ({ near, far, stack }) => {
    await far.requestName(service);
    const signals = stack.use(await near.subscribe({ sender: service, member: "Changed" }));
    await far.emit({ ...changed, member: "Other" });
    await far.emit({ ...changed, signature: "u", body: [7] });
    const { value } = await signals.next();
    expect(value).toMatchObject({ ...changed, body: [7], sender: far.uniqueName });
  },
  "takes no signal of anybody but the owner it asked of": async ({ near, far, stack, open }) => {
    await far.requestName(service);
    const other = stack.use(await open());
    const own = stack.use(await near.subscribe({ sender: service }));
    const any = stack.use(await near.subscribe({ interface: changed.interface }));
    await other.emit({ ...changed, signature: "s", body: ["forged"] });
    await any.next();
    await far.emit({ ...changed, signature: "s", body: ["true"] });
    const { value } = await own.next();
    expect(value?.body).toEqual(["true"]);
  },
  "follows a name to its next owner": async ({ near, far, stack, open }) => {
    await far.requestName(service, { allowReplacement: true });
    const signals = stack.use(await near.subscribe({ sender: service }));
    const other = stack.use(await open());
    await other.requestName(service, { replaceExisting: true });
    await far.emit({ ...changed, signature: "s", body: ["old"] });
    await other.emit({ ...changed, signature: "s", body: ["new"] });
    const { value } = await signals.next();
    expect(value?.body).toEqual(["new"]);
  },
  "drops the oldest signals when nobody reads, and counts them": async ({ near, far, stack }) => {
    const signals = stack.use(await near.subscribe(changed, { bufferSize: 3 }));
    const all = stack.use(await near.subscribe(changed));
    for (let index = 0; index < 10; index += 1) {
      await far.emit({ ...changed, signature: "u", body: [index] });
    }
    for (let index = 0; index < 10; index += 1) await all.next();
    expect(signals.dropped).toBe(7);
    await expect(signals.next()).resolves.toMatchObject({ value: { body: [7] } });
  },
  "ends a stream as its signal says": async ({ near }) => {
    const controller = new AbortController();
    const signals = await near.subscribe(changed, { signal: controller.signal });
    const next = signals.next();
    controller.abort(new Error("enough"));
    await expect(next).rejects.toThrow("enough");
  },
};
