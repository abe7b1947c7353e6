import type { JsonObject } from "op-core";
import { createTerminalAsk } from "../ask-on-terminal.ts";
import { callForData } from "../call-for-data.ts";
import type { CliSystem } from "../cli-system.ts";
import type { CommandContext } from "../command.ts";
import { withSystem } from "../with-system.ts";

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
      return await callForData(system, { name, args: all }, { signal, ask });
    },
  };
}
