import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { openBusConnection, type BusConnection } from "op-dbus";
import { openBootedSystemd } from "@op-mcp/test-support/booted-systemd";

export { missingSystemd } from "@op-mcp/test-support/booted-systemd";

/** A machine that really runs: its bus, and its files as seen from here. */
export interface Rig extends AsyncDisposable {
  readonly bus: BusConnection;
  readonly root: string;
  /** Its first process. */
  readonly pid: string;
  /** Runs a program in it and returns what it prints; rejects when it fails. */
  run(program: string, ...args: readonly string[]): Promise<string>;
}

const execute = promisify(execFile);

/** Connects as a process of the machine itself: NetworkManager asks the bus for the number of who calls. */
export function openBusInside(pid: string): Promise<BusConnection> {
  const args = ["--target", pid, "--all", "--", "systemd-stdio-bridge"];
  return openBusConnection({ command: { file: "nsenter", args } });
}

/** Boots a machine. */
export async function openRig(): Promise<Rig> {
  await using stack = new AsyncDisposableStack();
  const { address } = stack.use(await openBootedSystemd());
  const socket = address.slice("unix:path=".length);
  const pid = (await readFile(join(dirname(dirname(socket)), "init.pid"), "utf8")).trim();
  const bus = stack.use(await openBusConnection({ address }));
  const rest = stack.move();
  return {
    bus,
    pid,
    root: `/proc/${pid}/root`,
    run: async (...words) => {
      const { stdout } = await execute("nsenter", ["--target", pid, "--all", "--", ...words]);
      return stdout;
    },
    [Symbol.asyncDispose]: () => rest.disposeAsync(),
  };
}
