/** What tests of other adapters of `BusConnection` need; needs vitest. */
export { describeBusConnection, type BusConnectionContract } from "./bus-connection-contract.ts";
export type { TestBus } from "./contract-bus.ts";
