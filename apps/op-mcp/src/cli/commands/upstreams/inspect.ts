import { isOpError } from "op-core";
import type { UpstreamShell } from "../../../upstreams/upstream-shell.ts";
import type { CommandContext, RunCommand } from "../../command.ts";
import { exitCodes, type ExitCode } from "../../exit-codes.ts";
import { findConfigured } from "../../upstreams/configured-upstream.ts";
import { lookAt, type UpstreamLook } from "../../upstreams/look-at-upstream.ts";
import { printUpstream } from "../../upstreams/print-upstream.ts";
import { findRunningUpstreams, type RunningUpstream } from "../../upstreams/running-upstreams.ts";
import { withUpstream } from "../../upstreams/with-upstream.ts";

/**
 * `op-mcp upstreams inspect NAME`: how a server is for those who run op-mcp and use it. Where nobody does, it is connected
 * to.
 */
export const runUpstreamsInspect: RunCommand = async (context) => {
  const { name, loaded } = await findConfigured(context);
  const all = findRunningUpstreams(loaded.config.paths, context.io.env);
  const running = all.filter((each) => each.name === name);
  return running.length > 0 ? printRunning(context, name, running) : await look(context, name);
};

function printRunning(
  { flags, screen }: CommandContext,
  name: string,
  running: readonly RunningUpstream[],
): ExitCode {
  if (flags.has("json")) screen.json({ name, seenBy: "server", servers: running });
  else
    for (const { pid, startedAt, ...view } of running) {
      const where = `As op-mcp sees it that runs as process ${pid} since ${startedAt}`;
      screen.line(screen.paint(where, "dim"));
      printUpstream(screen, view);
    }
  const isFailing = running.every(({ state }) => state === "failing");
  return isFailing ? exitCodes.unavailable : exitCodes.ok;
}

/** What a server is, seen by connecting to it; or why it cannot be seen. */
interface Inspection {
  readonly seen: UpstreamLook | undefined;
  readonly problem: string | undefined;
  readonly errors: UpstreamShell["status"]["errors"];
}

async function inspect(shell: UpstreamShell, signal: AbortSignal): Promise<Inspection> {
  try {
    const seen = await lookAt(shell, signal);
    return { seen, problem: undefined, errors: shell.status.errors };
  } catch (error) {
    signal.throwIfAborted();
    if (!isOpError(error)) throw error;
    return { seen: undefined, problem: error.message, errors: shell.status.errors };
  }
}

async function look(context: CommandContext, name: string): Promise<ExitCode> {
  const { flags, screen, signal } = context;
  const { seen, problem, errors } = await withUpstream(context, (shell) => inspect(shell, signal));
  if (flags.has("json")) {
    const servers = seen === undefined ? [] : [{ connectMs: seen.connectMs, ...seen.view }];
    screen.json({ name, seenBy: "connecting", problem: problem ?? null, errors, servers });
  } else {
    screen.line(screen.paint("No op-mcp that runs uses it; seen by connecting to it", "dim"));
    if (seen === undefined) {
      screen.line(screen.paint(screen.text(problem ?? ""), "red"));
      if (errors.length > 0) screen.line(screen.paint("What went wrong last", "bold"));
      for (const { at, message } of errors) screen.line(`  ${at}  ${screen.text(message)}`);
    } else printUpstream(screen, seen.view, [["Connected after", `${seen.connectMs} ms`]]);
  }
  return seen === undefined ? exitCodes.unavailable : exitCodes.ok;
}
