import type { ToolResult } from "op-tools";
import { createTerminalAsk } from "../ask-on-terminal.ts";
import { readCallArguments } from "../call-arguments.ts";
import { CallTimeoutError, UsageError } from "../cli-error.ts";
import type { CommandContext, RunCommand } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { formatResult } from "../format-result.ts";
import type { FlagValues } from "../flags.ts";
import { withSystem } from "../with-system.ts";
import { wrongArgumentsIn } from "../wrong-arguments.ts";

/** `op-mcp call NAME JSON`: calls a tool and prints its answer. */
export const runCall: RunCommand = async (context) => {
  const [name = "", source] = context.positionals;
  const seconds = readTimeout(context.flags);
  const args = await readCallArguments(source, context.io);
  const result = await withSystem(context, (system) =>
    withDeadline(context.signal, name, seconds, (signal) =>
      system.call(name, args, { signal, ask: createTerminalAsk(context.io, signal) }),
    ),
  );
  const refusal = wrongArgumentsIn(name, result);
  if (refusal !== undefined) throw refusal;
  printResult(context, result);
  return result.isError === true ? exitCodes.failed : exitCodes.ok;
};

function printResult({ flags, screen, io }: CommandContext, result: ToolResult): void {
  if (flags.has("json")) screen.json(result);
  else if (result.isError === true) io.stderr.write(`${screen.block(formatResult(result))}\n`);
  else screen.line(screen.block(formatResult(result)));
}

function readTimeout(flags: FlagValues): number | undefined {
  const text = flags.text("timeout");
  if (text === undefined) return undefined;
  const seconds = Number(text);
  if (seconds > 0 && seconds < 1e6) return seconds;
  throw new UsageError(`--timeout cannot be ${JSON.stringify(text)}.`, {
    advice: "Give it a number of seconds, for example --timeout 30.",
  });
}

async function withDeadline<T>(
  signal: AbortSignal,
  name: string,
  seconds: number | undefined,
  use: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (seconds === undefined) return use(signal);
  const deadline = AbortSignal.timeout(seconds * 1000);
  try {
    return await use(AbortSignal.any([signal, deadline]));
  } catch (error) {
    throw deadline.aborted && !signal.aborted ? new CallTimeoutError(name, seconds) : error;
  }
}
