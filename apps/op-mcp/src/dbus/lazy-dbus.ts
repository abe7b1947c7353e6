import { hash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { sleep } from "op-core";
import type { DBusSource } from "op-dbus/tools";
import type { ResourceSource, SourceOptions, ToolSource, ToolSourceChange } from "op-tools";
import { FirstUse } from "../lazy/first-use.ts";
import { createLazyResources } from "../lazy/lazy-resources.ts";
import { createLazyTools } from "../lazy/lazy-tools.ts";
import { packageFacts } from "../package.ts";
import type { OpenDBusOptions } from "./open-dbus.ts";

/** The buses of one machine, whose code is loaded when something of them is used. */
export interface LazyDBus {
  readonly name: string;
  readonly tools: ToolSource;
  readonly resources: ResourceSource;
  /** Resolves when every bus of the machine answers. */
  check(options: SourceOptions): Promise<void>;
}

/** Makes what every configured machine offers. Nothing of it is loaded or connected to before it is used. */
export function createLazyDBus(options: OpenDBusOptions): readonly LazyDBus[] {
  const all = new FirstUse(async () => (await import("./open-dbus.ts")).openDBus(options));
  return machinesOf(options).map((machine) => createLazyMachine(machine, all, options));
}

/** One machine; all of them are opened when the first is used. */
function createLazyMachine(
  { name, buses }: Machine,
  all: FirstUse<readonly DBusSource[]>,
  options: OpenDBusOptions,
): LazyDBus {
  const own = (sources: readonly DBusSource[]) => sources.find((each) => each.name === name);
  const source = async () => {
    const found = own(await all.get());
    if (found === undefined) throw new TypeError(`no source is named ${name}`);
    return found;
  };
  const tools = async () => (await source()).tools;
  const opened = async () => own((await all.opened()) ?? []);
  return {
    name,
    tools: createLazyTools({
      name,
      source: tools,
      fingerprint: (how) => fingerprintOf(name, { options, tools, how }),
      changes: (how) => changesOf(tools, options, how),
      close: async () => await (await opened())?.[Symbol.asyncDispose](),
    }),
    resources: createLazyBusResources({ name, buses }, { source, opened, isOpen: all.isOpen }),
    check: async (how) => (await source()).check(how),
  };
}

interface MachineSource {
  readonly source: () => Promise<DBusSource>;
  readonly opened: () => Promise<DBusSource | undefined>;
  readonly isOpen: Promise<void>;
}

/** The resources of a machine: nothing has been read before something was used, and so nothing changes. */
function createLazyBusResources(
  { name, buses }: Machine,
  { source, opened, isOpen }: MachineSource,
): ResourceSource {
  const resources = async () => (await source()).resources;
  return {
    ...createLazyResources({
      name,
      source: resources,
      isOpen,
      list: async function* list(how) {
        yield* (await opened())?.resources.list(how) ?? [];
      },
      owns: (uri) => buses.includes(/^dbus:\/\/([^/]+)\//.exec(uri)?.[1] ?? ""),
    }),
    templates: async function* templates(how) {
      yield* (await resources()).templates?.(how) ?? [];
    },
    complete: async (request, how) =>
      (await (await resources()).complete?.(request, how)) ?? { values: [] },
  };
}

/** The services are followed after a while, so that a start does not load what speaks with them. */
async function* changesOf(
  tools: () => Promise<ToolSource>,
  { clock, config }: OpenDBusOptions,
  { signal }: SourceOptions,
): AsyncGenerator<ToolSourceChange> {
  try {
    await sleep(Math.max(config.followAfterMs, 1000), { clock, signal });
  } catch (error) {
    if (signal.aborted) return;
    throw error;
  }
  yield* (await tools()).changes?.({ signal }) ?? [];
}

interface Fingerprinting {
  readonly options: OpenDBusOptions;
  readonly tools: () => Promise<ToolSource>;
  readonly how: SourceOptions;
}

/** What the list was made of in an earlier run lies on the disk: an unchanged one is not even asked for. */
async function fingerprintOf(
  name: string,
  { options, tools, how }: Fingerprinting,
): Promise<string> {
  const { config, systemBusAddress, sessionBusAddress, cacheDirectory } = options;
  const path = join(cacheDirectory, "dbus", `${name}.stamp`);
  const stampAnew = async () => {
    const made = await (await tools()).fingerprint?.(how);
    return (await readStamp(path)) ?? made ?? "";
  };
  const stamp = (await readStamp(path)) ?? (await stampAnew());
  const { version } = packageFacts();
  const basis = JSON.stringify([version, config, systemBusAddress, sessionBusAddress]);
  return hash("sha256", `${basis}\n${stamp}`);
}

async function readStamp(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch {
    // It was never made, or cannot be read: then the list is made anew.
    return undefined;
  }
}

interface Machine {
  readonly name: string;
  readonly buses: readonly string[];
}

function isThere(configured: string, found: string | undefined): boolean {
  return configured === "auto" ? found !== undefined : configured !== "none";
}

/** As op-dbus names the machines and their buses. */
function machinesOf(options: OpenDBusOptions): readonly Machine[] {
  const { systemBusAddress, sessionBusAddress } = options;
  const { system, session, hosts } = options.config;
  const local = [
    ...(isThere(system, systemBusAddress) ? ["system"] : []),
    ...(isThere(session, sessionBusAddress) ? ["session"] : []),
  ];
  return [
    ...(local.length === 0 ? [] : [{ name: "dbus", buses: local }]),
    ...hosts.map(({ name }) => ({ name: `dbus-${name}`, buses: [name] })),
  ];
}
