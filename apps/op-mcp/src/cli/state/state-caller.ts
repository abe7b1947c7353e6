import type { JsonObject } from "op-core";
import type { Ask, ProgressUpdate } from "op-tools";
import { createTerminalAsk } from "../ask-on-terminal.ts";
import { callForData } from "../call-for-data.ts";
import type { CommandContext } from "../command.ts";
import { withSystem } from "../with-system.ts";

/** How a tool of declared state is called. */
export interface StateCallOptions {
  readonly onProgress?: (update: ProgressUpdate) => void;
}

/** The tools of this machine's declared state. */
export interface StateCaller {
  /** Calls a tool and answers its data. Rejects where the tool reports an error. */
  call(tool: `state_${string}`, args: JsonObject, options?: StateCallOptions): Promise<JsonObject>;
}

/** Opens the system and calls the tools of declared state, asking the person at the terminal unless they said yes. */
export async function withState<T>(
  context: CommandContext,
  use: (state: StateCaller) => Promise<T>,
): Promise<T> {
  const { signal } = context;
  const ask = createAsk(context);
  return await withSystem(context, (system) =>
    use({
      call: (name, args, options = {}) =>
        callForData(system, { name, args }, { signal, ask, ...options }),
    }),
  );
}

/** What would be done has been shown by then, better than a question can: its first line is enough. */
function createAsk({ flags, io, signal }: CommandContext): Ask {
  if (flags.has("yes")) return () => Promise.resolve({ action: "accept", content: {} });
  const ask = createTerminalAsk(io, signal);
  return (question) => ask({ ...question, message: question.message.split("\n", 1)[0] ?? "" });
}
