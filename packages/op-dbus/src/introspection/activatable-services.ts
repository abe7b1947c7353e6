import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { isOpError } from "op-core";
import { isWellKnownName, type WellKnownName } from "../names/bus-name.ts";
import type { InterfaceDescription } from "./description.ts";
import { parseIntrospectionXml } from "./parse-introspection-xml.ts";

/** A service that the bus can start. */
export interface ActivatableService {
  readonly name: WellKnownName;
  /** What is run, where no systemd unit is. */
  readonly exec: string | undefined;
  readonly systemdUnit: string | undefined;
  readonly user: string | undefined;
}

/** Where the services of the system bus are. */
export const systemServiceDirectories: readonly string[] = [
  "/usr/local/share/dbus-1/system-services",
  "/usr/share/dbus-1/system-services",
  "/lib/dbus-1/system-services",
];

/** Where the services of session buses are. */
export const sessionServiceDirectories: readonly string[] = [
  "/usr/local/share/dbus-1/services",
  "/usr/share/dbus-1/services",
];

/** Where packages put descriptions of their interfaces. */
export const interfaceDirectories: readonly string[] = [
  "/usr/local/share/dbus-1/interfaces",
  "/usr/share/dbus-1/interfaces",
];

/** What reading directories takes. */
export interface ReadDirectoriesOptions {
  readonly directories: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

/**
 * Lists the services that can be started, without starting them. Where a name is in several directories the first one
 * counts; files that are no service descriptions are skipped, as the bus does.
 */
export async function listActivatableServices(
  options: ReadDirectoriesOptions,
): Promise<readonly ActivatableService[]> {
  const services = new Map<string, ActivatableService>();
  for await (const text of readFiles(options, ".service")) {
    const service = parseServiceFile(text);
    if (service !== undefined && !services.has(service.name)) services.set(service.name, service);
  }
  return [...services.values()];
}

/** Reads the interfaces that packages describe in files, so that services can be described without running. */
export async function readInstalledInterfaces(
  options: ReadDirectoriesOptions,
): Promise<readonly InterfaceDescription[]> {
  const interfaces = new Map<string, InterfaceDescription>();
  for await (const text of readFiles(options, ".xml")) {
    for (const description of tryParse(text)) {
      if (!interfaces.has(description.name)) interfaces.set(description.name, description);
    }
  }
  return [...interfaces.values()];
}

/** The interfaces that belong to a service by their names: its own name, or names below it. */
export function interfacesOfService(
  service: string,
  interfaces: readonly InterfaceDescription[],
): readonly InterfaceDescription[] {
  return interfaces.filter(({ name }) => name === service || name.startsWith(`${service}.`));
}

/** A document that cannot be read describes nothing; it is not this program's to mend. */
function tryParse(text: string): readonly InterfaceDescription[] {
  try {
    return parseIntrospectionXml(text).interfaces;
  } catch (error) {
    if (isOpError(error)) return [];
    throw error;
  }
}

function parseServiceFile(text: string): ActivatableService | undefined {
  const keys = new Map<string, string>();
  for (const line of text.split("\n")) {
    const [, key, value] = /^\s*([A-Za-z]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (key !== undefined && value !== undefined) keys.set(key, value);
  }
  const name = keys.get("Name");
  if (name === undefined || !isWellKnownName(name)) return undefined;
  const exec = keys.get("Exec");
  const systemdUnit = keys.get("SystemdService");
  return { name, exec, systemdUnit, user: keys.get("User") };
}

async function* readFiles(
  { directories, signal }: ReadDirectoriesOptions,
  extension: string,
): AsyncGenerator<string, void, undefined> {
  for (const directory of directories) {
    for (const file of await listDirectory(directory)) {
      if (file.endsWith(extension)) {
        yield await readFile(join(directory, file), { encoding: "utf8", signal });
      }
    }
  }
}

/** A directory that does not exist has nothing in it. */
async function listDirectory(directory: string): Promise<readonly string[]> {
  try {
    const files = await readdir(directory);
    return files.toSorted();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}
