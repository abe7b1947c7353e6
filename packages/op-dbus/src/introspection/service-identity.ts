import { readFile, readlink, stat } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { isOpError } from "op-core";
import type { BusConnection, CallOptions } from "../connection/bus-connection.ts";
import { busName, busPath } from "../connection/bus-driver-names.ts";
import { createProxy } from "../proxy/proxy.ts";
import { busInterfaceShape } from "../proxy/standard-interfaces.ts";

/**
 * Says which program answers under a name, as text that changes when the program is replaced by another version: the
 * executable and the files its command line names, for programs that an interpreter runs. Undefined when nobody answers,
 * or when this process may not know: the programs of other users cannot be looked at.
 */
export async function identifyService(
  bus: BusConnection,
  name: string,
  options?: CallOptions,
): Promise<string | undefined> {
  const driver = createProxy(bus, busInterfaceShape, { destination: busName, path: busPath });
  try {
    const [pid] = await driver.call("GetConnectionUnixProcessID", [name], options);
    const [program, directory, commandLine] = await Promise.all([
      readlink(`/proc/${pid}/exe`),
      readlink(`/proc/${pid}/cwd`),
      readFile(`/proc/${pid}/cmdline`, "utf8"),
    ]);
    const words = commandLine.split("\0").slice(1, maxWords);
    const files = words.map((word) => (isAbsolute(word) ? word : join(directory, word)));
    const facts = await Promise.all([`/proc/${pid}/exe`, ...files].map(describeFile));
    return [name, program, ...words, ...facts].join(" ");
  } catch (error) {
    options?.signal?.throwIfAborted();
    if (isOpError(error) || isSystemError(error)) return undefined;
    throw error;
  }
}

/** Scripts come early on a command line; what follows are their arguments. */
const maxWords = 6;

/** What changes when a file is replaced; empty for what is no file. */
async function describeFile(path: string): Promise<string> {
  try {
    const facts = await stat(path);
    return facts.isFile() ? [facts.dev, facts.ino, facts.size, facts.mtimeMs].join(":") : "";
  } catch (error) {
    if (isSystemError(error)) return "";
    throw error;
  }
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && "code" in error;
}
