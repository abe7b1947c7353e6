import { describe, expect, it } from "vitest";
import type { BusConnection } from "../connection/bus-connection.ts";
import { callCases } from "./call-cases.ts";
import type { ContractCases, TestBus } from "./contract-bus.ts";
import { lifeCases } from "./life-cases.ts";
import { signalCases } from "./signal-cases.ts";
import { valueCases } from "./value-cases.ts";

/** What a contract suite runs against. */
export interface BusConnectionContract {
  openBus(): Promise<TestBus>;
  openConnection(address: string): Promise<BusConnection>;
  /** Cases that the adapter is known to fail, with what their failures say; no other may fail, and these have to. */
  readonly knownFailures?: Readonly<Record<string, RegExp>>;
}

type Run = ContractCases[string];

/** Checks that an adapter of `BusConnection` keeps what the port promises. Needs vitest. */
export function describeBusConnection(name: string, contract: BusConnectionContract): void {
  const { knownFailures = {} } = contract;
  const cases = Object.entries({ ...callCases, ...valueCases, ...signalCases, ...lifeCases });
  const isKnown = ([title]: readonly [string, Run]): boolean => title in knownFailures;
  describe(`${name} as a bus connection`, () => {
    it.each(cases.filter((entry) => !isKnown(entry)))("%s", async (_, run) => {
      expect.hasAssertions();
      await runCase(contract, run);
    });

    it("is known to fail only cases that there are", () => {
      const known = cases.filter(isKnown).map(([title]) => title);
      expect(new Set(known)).toEqual(new Set(Object.keys(knownFailures)));
    });

    if (Object.keys(knownFailures).length === 0) return;
    it.each(cases.filter(isKnown))("%s: known to fail", async (title, run) => {
      await expect(runCase(contract, run)).rejects.toThrow(knownFailures[title]);
    });
  });
}

async function runCase(contract: BusConnectionContract, run: Run): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const testBus = stack.use(await contract.openBus());
  const open = () => contract.openConnection(testBus.address);
  const near = stack.use(await open());
  const far = stack.use(await open());
  await run({ testBus, near, far, stack, open });
}
