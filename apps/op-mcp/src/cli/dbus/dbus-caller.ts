import type { JsonObject, JsonValue } from "op-core";
import { isObject } from "../../config/config-layer.ts";
import { createTerminalAsk } from "../ask-on-terminal.ts";
import type { CliSystem } from "../cli-system.ts";
import type { CommandContext } from "../command.ts";
import { ToolFailedError } from "../cli-error.ts";
import { formatResult } from "../format-result.ts";
import { withSystem } from "../with-system.ts";
import { wrongArgumentsIn } from "../wrong-arguments.ts";

/** The tools of one machine's D-Bus. */
export interface DBusCaller {
  /** Calls a tool and answers its data. Rejects where the tool reports an error. */
  call(tool: `dbus_${string}`, args: JsonObject): Promise<JsonObject>;
}

/** Opens the system and calls the tools of the machine that the flags name, on the bus they name. */
export async function withDBus<T>(
  context: CommandContext,
  use: (dbus: DBusCaller) => Promise<T>,
): Promise<T> {
  return await withSystem(context, (system) => use(createCaller(context, system)));
}

function createCaller({ flags, io, signal }: CommandContext, system: CliSystem): DBusCaller {
  const bus = flags.text("bus");
  const host = flags.text("host");
  const ask = createTerminalAsk(io, signal);
  return {
    call: async (tool, args) => {
      const name = host === undefined ? tool : `${host}_${tool}`;
      const all = bus === undefined ? args : { ...args, bus };
      const result = await system.call(name, all, { signal, ask });
      const refusal = wrongArgumentsIn(name, result);
      if (refusal !== undefined) throw refusal;
      if (result.isError === true) throw new ToolFailedError(name, formatResult(result));
      return asObject(result.structuredContent ?? {});
    },
  };
}

/** The value as an object; an empty one where it is none. */
export function asObject(value: JsonValue | undefined): JsonObject {
  return isObject(value) ? value : {};
}

/** The value as a list; an empty one where it is none. */
export function asList(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

/** The value as text; empty where it is none. */
export function asText(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : "";
}

/** The arguments that were given, without those that were not. */
export function given(args: Readonly<Record<string, JsonValue | undefined>>): JsonObject {
  return Object.fromEntries(
    Object.entries(args).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
