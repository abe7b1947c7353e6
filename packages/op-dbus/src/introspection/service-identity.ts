import { readlink, stat } from "node:fs/promises";
import { isOpError } from "op-core";
import type { BusConnection, CallOptions } from "../connection/bus-connection.ts";
import { busName, busPath } from "../connection/bus-driver-names.ts";
import { createProxy } from "../proxy/proxy.ts";
import { busInterfaceShape } from "../proxy/standard-interfaces.ts";

/**
 * Says which program answers under a name, as text that changes when the program is replaced by another version.
 * Undefined when nobody answers, or when this process may not know: the program of another user cannot be looked at.
 */
export async function identifyService(
  bus: BusConnection,
  name: string,
  options?: CallOptions,
): Promise<string | undefined> {
  const driver = createProxy(bus, busInterfaceShape, { destination: busName, path: busPath });
  try {
    const [pid] = await driver.call("GetConnectionUnixProcessID", [name], options);
    const link = `/proc/${pid}/exe`;
    const [program, facts] = await Promise.all([readlink(link), stat(link)]);
    const { dev, ino, size, mtimeMs } = facts;
    return [name, program, dev, ino, size, mtimeMs].join(" ");
  } catch (error) {
    options?.signal?.throwIfAborted();
    if (isOpError(error) || (error instanceof Error && "code" in error)) return undefined;
    throw error;
  }
}
