import type { BusConnection } from "../connection/bus-connection.ts";
import { busInterface, busName, busPath } from "../connection/bus-driver-names.ts";

/** A bus that belongs to one test. */
export interface TestBus extends AsyncDisposable {
  readonly address: string;
  /** Kills it as a crash would. */
  kill(): Promise<void>;
  /** Starts it again, at the same address. */
  start(): Promise<void>;
}

/** What one case has: a bus, and two connections to it. */
export interface ContractTest {
  readonly testBus: TestBus;
  readonly near: BusConnection;
  readonly far: BusConnection;
  /** What is put here is disposed after the case. */
  readonly stack: AsyncDisposableStack;
  /** Opens another connection. */
  readonly open: () => Promise<BusConnection>;
}

/** Cases by what they show. */
export type ContractCases = Readonly<Record<string, (test: ContractTest) => Promise<void>>>;

/** Where the bus itself is called. */
export const bus = { destination: busName, path: busPath, interface: busInterface };

/** The name that cases ask for. */
export const service = "org.example.Contract";

/** Where the service is called. */
export const target = { destination: service, path: "/a", interface: "org.example.Thing" };

/** The signal that cases send. */
export const changed = { path: "/a", interface: "org.example.Thing", member: "Changed" };
