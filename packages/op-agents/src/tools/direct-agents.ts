import { isJsonObject, type JsonObject, type JsonValue, type Logger } from "op-core";
import { AgentTaskError } from "../agent-error.ts";
import type { DirectAgent } from "../serving/direct-agent.ts";
import { toWireError } from "../serving/operation-failure.ts";

/** How what an agent does is done without one. */
export interface DirectOptions {
  /** Makes what does the operations of a type in this process; nothing for types that need an agent. */
  readonly open: (type: string) => Promise<DirectAgent | undefined>;
  /** Whether agents of such types are not even tried. */
  readonly isPreferred: boolean;
  readonly logger: Logger;
}

/** An operation that is to be done in this process. */
export interface DirectTask {
  readonly type: string;
  readonly operation: string;
  readonly input: JsonValue;
  /** Why no agent does it; the answer says so. */
  readonly because: string;
  readonly onProgress: (data: JsonValue) => void;
}

/** What is done without agents. */
export interface DirectAgents extends AsyncDisposable {
  readonly isPreferred: boolean;
  /** Does it; or resolves to nothing where the type needs an agent. */
  run(task: DirectTask, options: { readonly signal: AbortSignal }): Promise<JsonObject | undefined>;
}

/** Makes it; nothing is opened before it is needed. */
export function createDirectAgents(options: DirectOptions | undefined): DirectAgents {
  const opened = new Map<string, Promise<DirectAgent | undefined>>();
  const open = async (type: string) => {
    const opening = opened.get(type) ?? options?.open(type);
    if (opening !== undefined) opened.set(type, opening);
    return await opening;
  };
  return {
    isPreferred: options?.isPreferred ?? false,
    run: async ({ type, operation, input, because, onProgress }, { signal }) => {
      const run = (await open(type))?.operations[operation];
      if (run === undefined) return undefined;
      const context = {
        signal,
        progress: async (data: JsonValue) => await Promise.resolve(onProgress(data)),
        log: (level: "debug" | "info" | "warn" | "error", message: string, fields?: JsonObject) =>
          options?.logger[level](message, fields),
      };
      try {
        const output = await run(input, context);
        const answeredBy = `op-mcp itself, without an agent: ${because}`;
        return { ...(isJsonObject(output) ? output : { output }), answeredBy };
      } catch (error) {
        signal.throwIfAborted();
        throw new AgentTaskError(toWireError(error));
      }
    },
    [Symbol.asyncDispose]: async () => {
      const all = await Promise.allSettled(opened.values());
      await Promise.all(
        all.map(async (each) => {
          if (each.status === "fulfilled") await each.value?.[Symbol.asyncDispose]();
        }),
      );
    },
  };
}
