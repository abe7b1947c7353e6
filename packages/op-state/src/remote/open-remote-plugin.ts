import type { JsonObject, JsonValue } from "op-core";
import { z } from "zod";
import { fingerprintOf } from "../plugin/fingerprint.ts";
import { resourceId } from "../plugin/resource-id.ts";
import type {
  DesiredValue,
  PluginOptions,
  Problem,
  ResourceChange,
  ResourceState,
  StatePlugin,
} from "../plugin/state-plugin.ts";
import { StatePluginError } from "../state-error.ts";
import { remoteAnswers, type RemoteDescription } from "./remote-answers.ts";
import { followRemote } from "./follow-remote.ts";
import type {
  OptionalOperation,
  RemoteCallOptions,
  RemoteOperation,
  RemotePluginPort,
} from "./remote-port.ts";

/** A plugin that is another program. */
export interface RemotePlugin {
  readonly plugin: StatePlugin;
  /** What it does besides what all do. */
  readonly optional: readonly OptionalOperation[];
  /** States to reach one after the other, which it names for those who check it. */
  readonly examples: readonly (readonly DesiredValue[])[];
}

/**
 * Asks a program what plugin it is, and makes it one of the engine's. Rejects with `ERR_STATE_PLUGIN` where it does not
 * keep to the protocol, now and whenever it answers.
 */
export async function openRemotePlugin(
  port: RemotePluginPort,
  options: PluginOptions,
): Promise<RemotePlugin> {
  const remote = new Remote(port);
  const description = await remote.ask("describe", remoteAnswers.describe, {
    input: {},
    ...options,
  });
  const problem = problemOf(description);
  if (problem !== undefined) throw new StatePluginError(port.place, "be used", problem);
  const examples = description.examples.map((example) =>
    Object.entries(example).map(([key, desired]) => ({ key, desired })),
  );
  return { plugin: createPlugin(remote, description), optional: description.optional, examples };
}

function problemOf({ keys, schema }: RemoteDescription): string | undefined {
  try {
    const pattern = new RegExp(`^(?:${keys.pattern})$`, "u");
    z.fromJSONSchema(schema);
    return pattern.test("") ? "it has resources without a name" : undefined;
  } catch (error) {
    return `its pattern or schema cannot be used: ${error instanceof Error ? error.message : ""}`;
  }
}

interface Asking extends RemoteCallOptions {
  readonly input: JsonObject;
}

/** Asks, and takes no answer that does not fit. */
class Remote {
  readonly port: RemotePluginPort;

  constructor(port: RemotePluginPort) {
    this.port = port;
  }

  async ask<Answer extends z.ZodType>(
    operation: RemoteOperation,
    schema: Answer,
    { input, ...options }: Asking,
  ): Promise<z.output<Answer>> {
    const answer = await this.port.call(operation, input, options);
    const parsed = schema.safeParse(answer);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    const where = issue === undefined ? "" : `${issue.path.join(".")}: ${issue.message}`;
    throw new StatePluginError(this.port.place, `answer ${operation} as it must`, where);
  }
}

function createPlugin(remote: Remote, description: RemoteDescription): StatePlugin {
  const { name, version, keys, schema, canBeAbsent, optional } = description;
  const does = (operation: (typeof optional)[number]) => optional.includes(operation);
  return {
    name,
    version,
    keys,
    schema,
    capabilities: { canBeAbsent, canWatch: does("watch") },
    query: (wanted, options) => query(remote, wanted, options),
    diff: (desired, current, options) => diff(remote, { desired, current }, options),
    ...(does("check") ? { check: problemsBy(remote, name, "check", "changes") } : {}),
    apply: async (change, { signal, progress }) => {
      const onProgress = (data: JsonValue) => {
        if (typeof data === "string") progress(data);
      };
      const input = { change: plain(change) };
      await remote.ask("apply", remoteAnswers.apply, { input, signal, onProgress });
    },
    ...(does("verify") ? { verify: problemsBy(remote, name, "verify", "desired") } : {}),
    checkpoint: async (wanted, options) => {
      const { saved } = await remote.ask("checkpoint", remoteAnswers.checkpoint, {
        input: { keys: [...wanted] },
        ...options,
      });
      return new Map(Object.entries(saved));
    },
    ...(does("show")
      ? {
          describe: (key: string, saved: JsonValue, options: PluginOptions) =>
            remote.ask("show", remoteAnswers.show, { input: { key, saved }, ...options }),
        }
      : {}),
    rollback: async (key, saved, options) => {
      await remote.ask("rollback", remoteAnswers.rollback, { input: { key, saved }, ...options });
    },
    ...(does("watch")
      ? {
          watch: (wanted: readonly string[], options: PluginOptions) =>
            followRemote(remote.port, wanted, options.signal),
        }
      : {}),
  };
}

async function query(
  remote: Remote,
  keys: readonly string[],
  options: PluginOptions,
): Promise<ReadonlyMap<string, ResourceState>> {
  const { resources } = await remote.ask("query", remoteAnswers.query, {
    input: { keys: [...keys] },
    ...options,
  });
  const states = Object.entries(resources).map(([key, { fingerprint, ...state }]) => {
    return [key, { ...state, fingerprint: fingerprint ?? fingerprintOf(state.value) }] as const;
  });
  return new Map(states);
}

interface Comparison {
  readonly desired: readonly DesiredValue[];
  readonly current: ReadonlyMap<string, ResourceState>;
}

/** What is desired is what was declared: a plugin does not get to change that. */
async function diff(
  remote: Remote,
  { desired, current }: Comparison,
  options: PluginOptions,
): Promise<readonly ResourceChange[]> {
  const values = [...current].map(([key, { value }]) => [key, value] as const);
  const input = { desired: desired.map(plain), current: Object.fromEntries(values) };
  const { changes } = await remote.ask("diff", remoteAnswers.diff, { input, ...options });
  const wanted = new Map(desired.map((one) => [one.key, one.desired]));
  return changes.map((change) => {
    const declared = wanted.get(change.key);
    if (declared !== undefined) return { ...change, desired: declared };
    throw new StatePluginError(
      remote.port.place,
      "compare resources",
      `nobody asked for ${change.key}`,
    );
  });
}

function problemsBy(
  remote: Remote,
  name: string,
  operation: "check" | "verify",
  argument: "changes" | "desired",
) {
  return async (
    about: readonly (ResourceChange | DesiredValue)[],
    options: PluginOptions,
  ): Promise<readonly Problem[]> => {
    const input = { [argument]: about.map(plain) };
    const { problems } = await remote.ask(operation, remoteAnswers[operation], {
      input,
      ...options,
    });
    return problems.map(({ resource, reason }) => ({
      resource: resourceId(name, resource),
      reason,
    }));
  };
}

/** Values of this package are plain data, which the types of JSON cannot tell. */
function plain(value: ResourceChange | DesiredValue): JsonObject {
  const { key, desired } = value;
  if (!("action" in value)) return { key, desired };
  const { action, before, after } = value;
  return { key, desired, action, before, after };
}
