import { describe, expect, it } from "vitest";
import type { BusConnection } from "../connection/bus-connection.ts";
import { callCases } from "./call-cases.ts";
import type { TestBus } from "./contract-bus.ts";
import { lifeCases } from "./life-cases.ts";
import { signalCases } from "./signal-cases.ts";

/** What a contract suite runs against. */
export interface BusConnectionContract {
  openBus(): Promise<TestBus>;
  openConnection(address: string): Promise<BusConnection>;
}

/** Checks that an adapter of `BusConnection` keeps what the port promises. Needs vitest. */
export function describeBusConnection(name: string, contract: BusConnectionContract): void {
  const cases = Object.entries({ ...callCases, ...signalCases, ...lifeCases });
  describe(`${name} as a bus connection`, () => {
    it.each(cases)("%s", async (_, run) => {
      expect.hasAssertions();
      await using stack = new AsyncDisposableStack();
      const testBus = stack.use(await contract.openBus());
      const open = () => contract.openConnection(testBus.address);
      const near = stack.use(await open());
      const far = stack.use(await open());
      await run({ testBus, near, far, stack, open });
    });
  });
}
