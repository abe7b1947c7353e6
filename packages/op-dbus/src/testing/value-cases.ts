import { expect } from "vitest";
import { Variant, type DBusValue } from "../wire/value.ts";
import { service, target, type ContractCases, type ContractTest } from "./contract-bus.ts";

/** Sends arguments to a service that answers with the same, and expects them back. */
async function expectEcho(
  { near, far, stack }: ContractTest,
  signature: string,
  body: readonly DBusValue[],
): Promise<void> {
  stack.use(far.serve((call) => Promise.resolve({ signature: call.signature, body: call.body })));
  await far.requestName(service);
  const reply = await near.call({ ...target, member: "Echo", signature, body });
  expect(reply.signature).toBe(signature);
  expect(reply.body).toEqual(body);
}

/** What every adapter has to carry without changing it. */
export const valueCases: ContractCases = {
  "carries bytes, structs, paths and signatures": (test) =>
    expectEcho(test, "ay(ib)oga(sn)", [
      new Uint8Array([0, 255, 7]),
      [-5, true],
      "/a/b",
      "a{sv}",
      [["x", -1]],
    ]),
  "carries the largest and the smallest integers": (test) =>
    expectEcho(test, "ynqiuxt", [
      255,
      -32_768,
      65_535,
      -(2 ** 31),
      2 ** 32 - 1,
      -(2n ** 63n),
      2n ** 64n - 1n,
    ]),
  "carries numbers that are not finite": (test) =>
    expectEcho(test, "ddd", [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]),
  "carries dictionaries whose keys are numbers": (test) =>
    expectEcho(test, "a{us}a{xs}", [new Map([[7, "seven"]]), new Map([[2n ** 60n, "large"]])]),
  "carries dictionaries whose keys are truth values": (test) =>
    expectEcho(test, "a{by}", [
      new Map([
        [true, 1],
        [false, 2],
      ]),
    ]),
  "carries a key that is special in JavaScript": (test) =>
    expectEcho(test, "a{ss}", [
      new Map([
        ["__proto__", "a"],
        ["constructor", "b"],
      ]),
    ]),
  "carries variants in each other": (test) =>
    expectEcho(test, "vav", [
      new Variant("v", new Variant("(su)", ["a", 1])),
      [new Variant("t", 1n), new Variant("as", [])],
    ]),
};
