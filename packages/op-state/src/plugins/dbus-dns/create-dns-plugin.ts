import type { JsonObject } from "op-core";
import type { BusConnection } from "op-dbus";
import { z } from "zod";
import { fingerprintOf } from "../../plugin/fingerprint.ts";
import { resourceId } from "../../plugin/resource-id.ts";
import type {
  DesiredValue,
  PluginOptions,
  Problem,
  ResourceChange,
  StatePlugin,
} from "../../plugin/state-plugin.ts";
import { createFilesPlugin } from "../files/create-files-plugin.ts";
import { FileSnapshot } from "../files/file-snapshot.ts";
import { jsonSchemaOf } from "../json-schema-of.ts";
import { watchProperties } from "../dbus-settings/watch-properties.ts";
import {
  differences,
  DnsDesired,
  dnsContradiction,
  entriesOf,
  parseDnsDesired,
} from "./dns-desired.ts";
import {
  globalFiles,
  readGlobal,
  restartResolved,
  writeGlobal,
  type DnsMachine,
} from "./dns-global.ts";
import { readLink, revertLink, writeLink } from "./dns-link.ts";
import { createResolved, isResolvedRunning } from "./resolved.ts";

/** Which machine is meant. */
export interface DnsPluginOptions {
  readonly bus: BusConnection;
  /** Where that machine's files are; this machine's own root unless told. */
  readonly root?: string;
}

const Settings = DnsDesired.nullable();
const Saved = z.strictObject({
  settings: Settings,
  /** Of the whole machine, the files. */
  files: z.record(z.string(), FileSnapshot),
});

/**
 * Makes the plugin of name resolution, which systemd-resolved does: of the machine, kept in a file of its own, and of each
 * link until it goes away. It never starts the service by looking.
 */
export function createDnsPlugin({ bus, root = "/" }: DnsPluginOptions): StatePlugin {
  const machine: DnsMachine = { bus, root, files: createFilesPlugin({ root }) };
  const readAll = async (keys: readonly string[], signal: AbortSignal) => {
    const isRunning = await isResolvedRunning(bus, signal);
    const entries = keys.map(
      async (key) => [key, isRunning ? await read(machine, key, signal) : null] as const,
    );
    return new Map(await Promise.all(entries));
  };
  return {
    name: "dns",
    version: "1",
    keys: {
      pattern: String.raw`global|link/(?!\.{1,2}$)[^/\s\u0000]{1,15}`,
      meaning: "global for the machine, or link/NAME for a network interface: link/eth0",
    },
    schema: jsonSchemaOf(DnsDesired),
    capabilities: { canBeAbsent: false, canWatch: true },
    query: async (keys, { signal }) => {
      const values = await readAll(keys, signal);
      return new Map(
        [...values].map(([key, value]) => [key, { value, fingerprint: fingerprintOf(value) }]),
      );
    },
    diff: async (desired, current) =>
      desired.flatMap((one) => diffDns(one, current.get(one.key)?.value ?? null) ?? []),
    check: async (changes, options) => {
      if (changes.length === 0) return [];
      const isRunning = await isResolvedRunning(bus, options.signal);
      const ofFiles = await fileProblems(machine, changes, options);
      return [...changes.flatMap((change) => checkDns(change, isRunning)), ...ofFiles];
    },
    apply: async ({ key, desired }, options) => {
      const wanted = parseDnsDesired(desired ?? {});
      const name = linkName(key);
      if (name === undefined) await writeGlobal(machine, wanted, options);
      else await writeLink({ bus, root, name }, wanted, options.signal);
    },
    checkpoint: async (keys, options) => {
      const values = await readAll(keys, options.signal);
      const files = Object.fromEntries(await machine.files.checkpoint(globalFiles, options));
      return new Map(
        [...values].map(([key, settings]) => [
          key,
          { settings, files: linkName(key) === undefined ? files : {} },
        ]),
      );
    },
    describe: async (_, saved) => ({ value: toJson(Saved.parse(saved).settings) }),
    rollback: (key, saved, options) => restore(machine, key, Saved.parse(saved), options),
    watch: async function* watch(keys, { signal }) {
      for await (const _news of watchProperties(bus, createResolved(bus), signal)) yield* keys;
    },
  };
}

function linkName(key: string): string | undefined {
  return key === "global" ? undefined : key.slice("link/".length);
}

async function read(
  { bus, root }: DnsMachine,
  key: string,
  signal: AbortSignal,
): Promise<JsonObject | null> {
  const name = linkName(key);
  const settings =
    name === undefined
      ? await readGlobal(bus, signal)
      : await readLink({ bus, root, name }, signal);
  return toJson(settings);
}

function toJson(settings: DnsDesired | null | undefined): JsonObject | null {
  return settings === undefined || settings === null
    ? null
    : Object.fromEntries(entriesOf(settings));
}

function diffDns(
  { key, desired }: DesiredValue,
  before: JsonObject | null,
): ResourceChange | undefined {
  if (desired === null) return undefined;
  const differing = differences(parseDnsDesired(desired), before);
  if (differing.length === 0) return undefined;
  const after = Object.fromEntries(differing);
  const old = differing.map(([name]) => [name, before?.[name] ?? null] as const);
  return {
    key,
    desired: after,
    action: before === null ? "create" : "update",
    risk: "privileged",
    isReversible: true,
    before: before === null ? null : Object.fromEntries(old),
    after,
    requires: [],
  };
}

function checkDns(change: ResourceChange, isRunning: boolean): readonly Problem[] {
  const { key, desired, action } = change;
  const resource = resourceId("dns", key);
  const contradiction = dnsContradiction(parseDnsDesired(desired ?? {}), key === "global");
  if (contradiction !== undefined) return [{ resource, reason: contradiction }];
  if (!isRunning) {
    const unit = "systemd-resolved.service";
    const reason = `${unit} does not run: declare it active.`;
    return [{ resource, reason, solvedBy: [resourceId("units", unit)] }];
  }
  const isMissing = action === "create";
  return isMissing ? [{ resource, reason: "there is no such link.", solvedBy: [] }] : [];
}

async function fileProblems(
  { files }: DnsMachine,
  changes: readonly ResourceChange[],
  options: PluginOptions,
): Promise<readonly Problem[]> {
  if (!changes.some(({ key }) => linkName(key) === undefined)) return [];
  const [folder = "", file = ""] = globalFiles;
  const desired = [
    { key: folder, desired: { type: "directory" } },
    { key: file, desired: { content: "" } },
  ];
  const drafts = await files.diff(desired, await files.query(globalFiles, options), options);
  return (await files.check?.(drafts, options)) ?? [];
}

async function restore(
  machine: DnsMachine,
  key: string,
  saved: z.output<typeof Saved>,
  options: PluginOptions,
): Promise<void> {
  const { bus, root, files } = machine;
  const { signal } = options;
  const isRunning = await isResolvedRunning(bus, signal);
  const name = linkName(key);
  if (name === undefined) {
    const now = Object.fromEntries(await files.checkpoint(globalFiles, options));
    if (fingerprintOf(now) === fingerprintOf(saved.files)) return;
    for (const path of globalFiles.toReversed()) {
      await files.rollback(path, saved.files[path] ?? { type: "absent" }, options);
    }
    for (const path of globalFiles) {
      if (saved.files[path]?.type !== "absent") {
        await files.rollback(path, saved.files[path] ?? { type: "absent" }, options);
      }
    }
    if (isRunning) await restartResolved(bus, signal);
    return;
  }
  const link = { bus, root, name };
  const now = isRunning ? await readLink(link, signal) : undefined;
  if (now === undefined || saved.settings === null) return;
  if (differences(saved.settings, toJson(now)).length === 0) return;
  // What was never set is taken from the machine again, and what it does not give is set.
  await revertLink(link, signal);
  const bare = await readLink(link, signal);
  const missing = Object.fromEntries(differences(saved.settings, toJson(bare)));
  await writeLink(link, DnsDesired.parse(missing), signal);
}
