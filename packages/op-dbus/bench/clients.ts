import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { createClient } from "dbus-native";
import { Message, sessionBus } from "dbus-next";
import { openBusConnection } from "../src/index.ts";
import { measureCalls, type CallCost, type MeasureOptions } from "./measure.ts";

/** What is called: the bus itself, or the echo service with a megabyte. */
export type Workload = "getid" | "bytes";

/** A client of a bus, to be measured. */
export interface BenchClient extends AsyncDisposable {
  readonly name: string;
  measure(workload: Workload, options: MeasureOptions): Promise<CallCost>;
}

const run = promisify(execFile);
const megabyte = new Uint8Array(1 << 20).fill(7);
const getId = {
  destination: "org.freedesktop.DBus",
  path: "/org/freedesktop/DBus",
  interface: "org.freedesktop.DBus",
  member: "GetId",
};
const length = { destination: "test.Echo", path: "/", interface: "test.Echo", member: "Len" };

/** op-dbus. */
export async function openOpDbus(address: string): Promise<BenchClient> {
  const bus = await openBusConnection({ address });
  const calls = {
    getid: () => bus.call(getId),
    bytes: () => bus.call({ ...length, signature: "ay", body: [megabyte] }),
  };
  return {
    name: "op-dbus",
    measure: (workload, options) => measureCalls(calls[workload], options),
    [Symbol.asyncDispose]: () => bus[Symbol.asyncDispose](),
  };
}

/** dbus-next, the library that is used most. */
export async function openDbusNext(address: string): Promise<BenchClient> {
  const bus = sessionBus({ busAddress: address });
  await new Promise((resolve, reject) => {
    bus.once("connect", resolve);
    bus.once("error", reject);
  });
  const bytes = Buffer.from(megabyte);
  const calls = {
    getid: () => bus.call(new Message(getId)),
    bytes: () => bus.call(new Message({ ...length, signature: "ay", body: [bytes] })),
  };
  return {
    name: "dbus-next",
    measure: (workload, options) => measureCalls(calls[workload], options),
    [Symbol.asyncDispose]: () => {
      bus.disconnect();
      return Promise.resolve();
    },
  };
}

/** dbus-native; by callbacks, because its promises record a stack for every call. */
export function openDbusNative(address: string): BenchClient {
  const bus = createClient({ busAddress: address });
  const bytes = Buffer.from(megabyte);
  const invoke = (message: Parameters<typeof bus.invoke>[0]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      bus.invoke(message, (error, value) => (error ? reject(error) : resolve(value)));
    });
  const calls = {
    getid: () => invoke({ ...getId }),
    bytes: () => invoke({ ...length, signature: "ay", body: [bytes] }),
  };
  return {
    name: "dbus-native",
    measure: (workload, options) => measureCalls(calls[workload], options),
    [Symbol.asyncDispose]: () => bus.close(),
  };
}

/** libsystemd's client, compiled from bench.c. */
export function createSdBus(program: string, address: string): BenchClient {
  return {
    name: "sd-bus",
    measure: async (workload, { seconds, inFlight }) => {
      const { stdout } = await run(program, [String(seconds), String(inFlight), workload], {
        env: { ...process.env, DBUS_SESSION_BUS_ADDRESS: address },
      });
      const [wallUs = 0, cpuUs = 0, p50Us = 0] = stdout.split(" ").map(Number);
      return { wallUs, cpuUs, p50Us };
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
