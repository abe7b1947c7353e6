import { basename } from "node:path";
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
import { StateChangeError } from "../../state-error.ts";
import { createFilesPlugin } from "../files/create-files-plugin.ts";
import { FileSnapshot, readSnapshots } from "../files/file-snapshot.ts";
import { jsonSchemaOf } from "../json-schema-of.ts";
import { ConnectionDesired, parseConnectionDesired } from "./connection-desired.ts";
import { toConnectionValue, usualAddressing, withDeclared } from "./connection-settings.ts";
import {
  bringUp,
  readConnections,
  remove,
  takeDown,
  type KnownConnection,
} from "./connection-store.ts";
import { guardedChange, isOnline } from "./guarded-change.ts";
import {
  createNetworkConnection,
  createNetworkSettings,
  isNetworkManagerRunning,
} from "./network-proxies.ts";
import { watchConnections } from "./watch-connections.ts";

/** Which machine is meant, and how a lost network is found. */
export interface ConnectionsPluginOptions {
  readonly bus: BusConnection;
  /** Where that machine's files are; this machine's own root unless told. */
  readonly root?: string;
  /** After how long NetworkManager goes back when nothing is heard of this process; 90 unless told. */
  readonly rollbackSeconds?: number;
  /** Whether the network is as it should be; NetworkManager's own opinion unless told. */
  readonly isReachable?: (signal: AbortSignal) => Promise<boolean>;
}

const folder = "/etc/NetworkManager/system-connections";

const JsonRecord = z.record(z.string(), z.json());

const Saved = z.strictObject({
  /** The path of its file; null when there was no such connection. */
  filename: z.string().nullable(),
  /** What is in it, secrets too. */
  file: FileSnapshot,
  isActive: z.boolean(),
  /** What people are shown of it, without secrets. */
  value: JsonRecord.nullable(),
});

interface Tools extends Required<ConnectionsPluginOptions> {
  readonly files: StatePlugin;
}

/**
 * Makes the plugin of NetworkManager's connections. Each change is made under a checkpoint of NetworkManager: when the
 * network is lost, or this process, it comes back by itself. Secrets stay where they are and are never read for a plan.
 */
export function createConnectionsPlugin(options: ConnectionsPluginOptions): StatePlugin {
  const { bus, root = "/", rollbackSeconds = 90 } = options;
  const isReachable = options.isReachable ?? ((signal) => isOnline(bus, signal));
  const tools = { bus, root, rollbackSeconds, isReachable, files: createFilesPlugin({ root }) };
  return {
    name: "connections",
    version: "1",
    keys: {
      pattern: String.raw`(?!\.)[^/\u0000-\u001f]{1,64}`,
      meaning: "a connection's name, as nmcli shows it",
    },
    schema: jsonSchemaOf(ConnectionDesired),
    capabilities: { canBeAbsent: true, canWatch: true },
    query: async (keys, { signal }) => {
      const known = await readKnown(bus, signal);
      return new Map(
        keys.map((key) => {
          const value = valueOf(known.get(key));
          return [key, { value, fingerprint: fingerprintOf(value) }];
        }),
      );
    },
    diff: async (desired, current) =>
      desired.flatMap((one) => diffConnection(one, current.get(one.key)?.value ?? null) ?? []),
    check: async (changes, { signal }) => {
      if (changes.length === 0) return [];
      const isRunning = await isNetworkManagerRunning(bus, signal);
      const known = await readKnown(bus, signal);
      return changes.flatMap((change) =>
        checkConnection(change, isRunning, known.get(change.key)?.filename),
      );
    },
    apply: async ({ key, desired }, { signal }) => {
      const resource = resourceId("connections", key);
      const guard = { bus, resource, rollbackSeconds, isReachable, signal };
      await guardedChange(guard, () => bring(tools, key, desired, signal));
    },
    checkpoint: async (keys, { signal }) => {
      const known = await readKnown(bus, signal);
      const entries = keys.map(
        async (key) => [key, await save(tools, known.get(key), signal)] as const,
      );
      return new Map(await Promise.all(entries));
    },
    describe: async (_, saved) => ({ value: Saved.parse(saved).value }),
    rollback: (key, saved, rest) => restore(tools, key, Saved.parse(saved), rest),
    watch: (keys, { signal }) => watchConnections(bus, keys, signal),
  };
}

async function readKnown(bus: BusConnection, signal: AbortSignal) {
  if (!(await isNetworkManagerRunning(bus, signal))) return new Map<string, KnownConnection>();
  return readConnections(bus, signal);
}

function valueOf(known: KnownConnection | undefined): JsonObject | null {
  if (known === undefined) return null;
  return { ...toConnectionValue(known.settings), active: known.active !== undefined };
}

function diffConnection(
  { key, desired }: DesiredValue,
  before: JsonObject | null,
): ResourceChange | undefined {
  const change = { key, desired, isReversible: true, requires: [] };
  if (desired === null) {
    if (before === null) return undefined;
    return { ...change, action: "delete", risk: "destructive", before, after: null };
  }
  const { ipv4, ipv6, ...rest } = parseConnectionDesired(desired);
  const merge = (name: "ipv4" | "ipv6", wanted: ConnectionDesired["ipv4"]) => {
    if (wanted === undefined) return {};
    const known = JsonRecord.safeParse(before?.[name]).data ?? {};
    return { [name]: { ...known, ...usualAddressing(wanted) } };
  };
  const given = Object.entries(rest).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  const after: JsonObject = {
    ...Object.fromEntries(given),
    ...merge("ipv4", ipv4),
    ...merge("ipv6", ipv6),
  };
  const names = Object.keys(after).filter(
    (name) => fingerprintOf(after[name] ?? null) !== fingerprintOf(before?.[name] ?? null),
  );
  if (names.length === 0 && before !== null) return undefined;
  const pick = (from: JsonObject) =>
    Object.fromEntries(names.map((name) => [name, from[name] ?? null]));
  return {
    ...change,
    action: before === null ? "create" : "update",
    risk: "privileged",
    before: before === null ? null : pick(before),
    after: pick(after),
  };
}

function checkConnection(
  { key, desired, action, before }: ResourceChange,
  isRunning: boolean,
  filename: string | undefined,
): readonly Problem[] {
  const resource = resourceId("connections", key);
  const unit = "NetworkManager.service";
  if (!isRunning) {
    const solvedBy = [resourceId("units", unit)];
    return [{ resource, reason: `${unit} does not run: declare it active.`, solvedBy }];
  }
  if (filename !== undefined && !filename.startsWith(`${folder}/`)) {
    return [{ resource, reason: `it is not kept in ${folder} but comes from elsewhere.` }];
  }
  const wanted = parseConnectionDesired(desired ?? {});
  if (action === "update" && wanted.type !== undefined && before?.["type"] !== undefined) {
    return [{ resource, reason: "its type cannot be changed: remove it first." }];
  }
  if (action !== "create") return [];
  if (wanted.type === undefined || wanted.interface === undefined) {
    return [{ resource, reason: "declare its type and its interface." }];
  }
  return wanted.type === "vlan" && wanted.vlan === undefined
    ? [{ resource, reason: "declare what the vlan is on." }]
    : [];
}

/** Settings are written to the disk, and what is up is brought up anew with them. */
async function bring(
  { bus }: Tools,
  key: string,
  desired: JsonObject | null,
  signal: AbortSignal,
): Promise<void> {
  const resource = resourceId("connections", key);
  const known = (await readConnections(bus, signal)).get(key);
  if (desired === null) {
    if (known !== undefined) await remove(bus, resource, known, signal);
    return;
  }
  const wanted = parseConnectionDesired(desired);
  const settings = withDeclared(key, known?.settings ?? new Map(), wanted);
  const path = known?.path ?? (await add(bus, settings, signal));
  const toDisk = 0x1;
  if (known !== undefined) {
    const args = [settings, toDisk, new Map()] as const;
    await createNetworkConnection(bus, path).call("Update2", args, { signal });
  }
  const isActive = known?.active !== undefined;
  if (wanted.active === false) await takeDown(bus, resource, path, signal);
  else if (isActive || wanted.active === true) await bringUp(bus, resource, path, signal);
}

async function add(
  bus: BusConnection,
  settings: Parameters<typeof withDeclared>[1],
  signal: AbortSignal,
): Promise<string> {
  const [toDisk, noAutoconnect] = [0x1, 0x20];
  const args = [settings, toDisk | noAutoconnect, new Map()] as const;
  const [path] = await createNetworkSettings(bus).call("AddConnection2", args, { signal });
  return path;
}

async function save(
  { root }: Tools,
  known: KnownConnection | undefined,
  signal: AbortSignal,
): Promise<z.output<typeof Saved>> {
  const value = JsonRecord.nullable().parse(valueOf(known));
  if (known === undefined)
    return { filename: null, file: { type: "absent" }, isActive: false, value };
  const { filename, active } = known;
  const isOurs = filename.startsWith(`${folder}/`);
  const files = isOurs ? await readSnapshots(root, [filename], signal) : new Map();
  return {
    filename: isOurs ? filename : null,
    file: FileSnapshot.parse(files.get(filename) ?? { type: "absent" }),
    isActive: active !== undefined,
    value,
  };
}

async function restore(
  tools: Tools,
  key: string,
  saved: z.output<typeof Saved>,
  options: PluginOptions,
): Promise<void> {
  const { bus, files } = tools;
  const { signal } = options;
  const resource = resourceId("connections", key);
  const known = (await readKnown(bus, signal)).get(key);
  const now = await save(tools, known, signal);
  if (fingerprintOf(now) === fingerprintOf(saved)) return;
  if (known !== undefined && now.filename !== saved.filename) {
    await remove(bus, resource, known, signal);
  }
  if (saved.filename === null) return;
  await files.rollback(saved.filename, saved.file, options);
  const settings = createNetworkSettings(bus);
  const [isLoaded] = await settings.call("LoadConnections", [[saved.filename]], { signal });
  const path = (await readConnections(bus, signal)).get(key)?.path;
  if (!isLoaded || path === undefined) {
    const reason = `NetworkManager does not take ${basename(saved.filename)}.`;
    throw new StateChangeError(resource, reason);
  }
  if (!saved.isActive) await takeDown(bus, resource, path, signal);
  else await bringUp(bus, resource, path, signal);
}
