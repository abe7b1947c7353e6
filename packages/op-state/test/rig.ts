import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { openBusConnection, type BusConnection } from "op-dbus";
import { openBootedSystemd } from "@op-mcp/test-support/booted-systemd";

export { missingSystemd } from "@op-mcp/test-support/booted-systemd";

/** A machine that really runs: its bus, and its files as seen from here. */
export interface Rig extends AsyncDisposable {
  readonly bus: BusConnection;
  readonly root: string;
}

/** Boots a machine. */
export async function openRig(): Promise<Rig> {
  await using stack = new AsyncDisposableStack();
  const { address } = stack.use(await openBootedSystemd());
  const socket = address.slice("unix:path=".length);
  const pid = await readFile(join(dirname(dirname(socket)), "init.pid"), "utf8");
  const bus = stack.use(await openBusConnection({ address }));
  const rest = stack.move();
  return {
    bus,
    root: `/proc/${pid.trim()}/root`,
    [Symbol.asyncDispose]: () => rest.disposeAsync(),
  };
}
