import type { HeldTool } from "op-aggregator";
import { isOpError } from "op-core";
import type { UpstreamShell } from "../../../upstreams/upstream-shell.ts";
import type { RunCommand } from "../../command.ts";
import { exitCodes } from "../../exit-codes.ts";
import type { Screen } from "../../screen.ts";
import { lookAt, titleOf, type UpstreamLook } from "../../upstreams/look-at-upstream.ts";
import { withUpstream } from "../../upstreams/with-upstream.ts";

/** What a server is, seen by connecting to it; or why it cannot be seen. */
interface Inspection {
  readonly look: UpstreamLook | undefined;
  readonly problem: string | undefined;
  readonly errors: UpstreamShell["status"]["errors"];
}

async function inspect(shell: UpstreamShell, signal: AbortSignal): Promise<Inspection> {
  try {
    const look = await lookAt(shell, signal);
    return { look, problem: undefined, errors: shell.status.errors };
  } catch (error) {
    signal.throwIfAborted();
    if (!isOpError(error)) throw error;
    return { look: undefined, problem: error.message, errors: shell.status.errors };
  }
}

/** `op-mcp upstreams inspect NAME`: what a server is and has, and what went wrong. */
export const runUpstreamsInspect: RunCommand = async (context) => {
  const { flags, screen, signal } = context;
  const [name = ""] = context.positionals;
  const seen = await withUpstream(context, (shell) => inspect(shell, signal));
  const { look, problem, errors } = seen;
  if (flags.has("json")) screen.json({ name, problem: problem ?? null, ...look, errors });
  else {
    if (look === undefined) screen.line(screen.paint(screen.text(problem ?? ""), "red"));
    else printLook(screen, look);
    if (errors.length > 0) screen.line(screen.paint("What went wrong last", "bold"));
    for (const { at, message } of errors) screen.line(`  ${at}  ${screen.text(message)}`);
  }
  return look === undefined ? exitCodes.unavailable : exitCodes.ok;
};

function printLook(screen: Screen, look: UpstreamLook): void {
  const { connectMs, answerMs, memoryBytes, tools, lists, held, revision } = look;
  const facts = [
    ["Server", titleOf(look)],
    ["Protocol", revision],
    ["Connected after", `${Math.round(connectMs)} ms`],
    ["Answers after", answerMs === undefined ? "" : `${answerMs.toFixed(1)} ms`],
    ["Memory", memoryBytes === undefined ? "" : `${Math.round(memoryBytes / 1024 / 1024)} MB`],
    ["Resources", `${lists.resources.length}, and ${lists.templates.length} templates`],
    ["Prompts", lists.prompts.map((prompt) => prompt.name).join(", ")],
  ] as const;
  for (const [what, value] of facts)
    if (value !== "") screen.line(`${screen.paint(what, "bold")}: ${screen.text(value)}`);
  const rows = tools.map((tool) => [
    { text: tool.name },
    { text: tool.risk },
    { text: tool.description },
  ]);
  screen.table(["TOOL", "RISK", "DESCRIPTION"], rows);
  for (const tool of held) printHeld(screen, tool);
}

function printHeld(screen: Screen, { tool, reason, changes = [] }: HeldTool): void {
  screen.line(screen.paint(`Held back: ${screen.text(tool)}: ${screen.text(reason)}`, "yellow"));
  for (const { path, before, after } of changes) {
    screen.line(`  ${screen.text(path)}`);
    screen.line(screen.paint(`  - ${screen.text(JSON.stringify(before) ?? "nothing")}`, "red"));
    screen.line(screen.paint(`  + ${screen.text(JSON.stringify(after) ?? "nothing")}`, "green"));
  }
}
