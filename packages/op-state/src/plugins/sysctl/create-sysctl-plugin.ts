import { constants } from "node:fs";
import { access, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { JsonObject } from "op-core";
import { z } from "zod";
import { fingerprintOf } from "../../plugin/fingerprint.ts";
import type {
  Problem,
  ResourceChange,
  ResourceState,
  StatePlugin,
} from "../../plugin/state-plugin.ts";
import { StateChangeError } from "../../state-error.ts";
import { codeOf } from "../files/open-folder.ts";
import { jsonSchemaOf } from "../json-schema-of.ts";

/** What can be declared of a kernel parameter. */
const SysctlDesired = z.strictObject({
  value: z.union([z.string(), z.int()]).meta({
    description: "The value as `sysctl` shows it; several numbers are separated by spaces.",
  }),
});

/** Where kernel parameters are. */
export interface SysctlPluginOptions {
  /** `/proc/sys` unless told. */
  readonly root?: string;
}

const Saved = z.string().nullable();

/** Dots separate, unless there is a slash: then dots belong to names, as in `net/ipv4/conf/eth0.100/forwarding`. */
const keyPattern = String.raw`[a-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+|[a-z0-9_-]+(?:/(?!\.{1,2}(?:/|$))[A-Za-z0-9_.:@-]+)+`;

/**
 * Makes the plugin of kernel parameters. It sets what the kernel uses now; to set it at every start as well, declare a
 * file in `/etc/sysctl.d`.
 */
export function createSysctlPlugin({ root = "/proc/sys" }: SysctlPluginOptions = {}): StatePlugin {
  const readAll = async (keys: readonly string[], signal: AbortSignal) => {
    const values = new Map<string, string | null>();
    for (const key of keys) {
      signal.throwIfAborted();
      values.set(key, await readParameter(join(root, toPath(key))));
    }
    return values;
  };
  return {
    name: "sysctl",
    version: "1",
    keys: { pattern: keyPattern, meaning: "a kernel parameter, such as net.ipv4.ip_forward" },
    schema: jsonSchemaOf(SysctlDesired),
    capabilities: { canBeAbsent: false, canWatch: false },
    query: async (keys, { signal }) => {
      const values = await readAll(keys, signal);
      return new Map([...values].map(([key, value]) => [key, toState(value)]));
    },
    diff: async (desired, current) =>
      desired.flatMap(({ key, desired: wanted }) => {
        return diffParameter(key, wanted, current.get(key)?.value ?? null) ?? [];
      }),
    check: async (changes) => {
      const problems = changes.map((change) => checkParameter(root, change));
      return (await Promise.all(problems)).flat();
    },
    apply: async ({ key, desired }) => {
      if (desired !== null) await write(root, key, wantedValue(desired));
    },
    checkpoint: (keys, { signal }) => readAll(keys, signal),
    describe: async (_, saved) => toState(Saved.parse(saved)),
    rollback: async (key, saved) => {
      const value = Saved.parse(saved);
      const current = await readParameter(join(root, toPath(key)));
      if (value !== null && value !== current) await write(root, key, value);
    },
  };
}

function toPath(key: string): string {
  return key.includes("/") ? key : key.replaceAll(".", "/");
}

function toState(value: string | null): ResourceState {
  const state = value === null ? null : { value };
  return { value: state, fingerprint: fingerprintOf(state) };
}

/** The kernel separates by tabs what people separate by spaces. */
function normalise(value: string): string {
  return value.trim().replaceAll(/[ \t]+/gu, " ");
}

function wantedValue(desired: JsonObject): string {
  return normalise(String(SysctlDesired.parse(desired).value));
}

function diffParameter(
  key: string,
  desired: JsonObject | null,
  before: JsonObject | null,
): ResourceChange | undefined {
  if (desired === null) return undefined;
  const after = { value: wantedValue(desired) };
  if (before?.["value"] === after.value) return undefined;
  const action = before === null ? "create" : "update";
  const risk = "privileged";
  return { key, desired, action, risk, isReversible: true, before, after, requires: [] };
}

async function checkParameter(
  root: string,
  { key, action }: ResourceChange,
): Promise<readonly Problem[]> {
  const resource = `sysctl:${key}`;
  if (action === "create") {
    return [{ resource, reason: "the kernel has no such parameter, or its module is not loaded." }];
  }
  try {
    await access(join(root, toPath(key)), constants.W_OK);
    return [];
  } catch (error) {
    if (codeOf(error) === "EROFS")
      return [{ resource, reason: "kernel parameters are read-only." }];
    return [{ resource, reason: "it may not be written to." }];
  }
}

async function readParameter(path: string): Promise<string | null> {
  try {
    return normalise(await readFile(path, "utf8"));
  } catch (error) {
    if (["ENOENT", "EISDIR", "ENOTDIR"].includes(codeOf(error) ?? "")) return null;
    throw error;
  }
}

async function write(root: string, key: string, value: string): Promise<void> {
  try {
    const flag = constants.O_WRONLY | constants.O_TRUNC;
    await writeFile(join(root, toPath(key)), `${value}\n`, { flag });
  } catch (error) {
    const advice = "Look at the range of values the kernel documents.";
    const reason = `the kernel refused ${JSON.stringify(value)}.`;
    throw new StateChangeError(`sysctl:${key}`, reason, { advice, cause: error });
  }
}
