import type { RunCommand } from "../../command.ts";
import { exitCodes } from "../../exit-codes.ts";
import { lookAt, titleOf } from "../../upstreams/look-at-upstream.ts";
import { withUpstream } from "../../upstreams/with-upstream.ts";

/** `op-mcp upstreams test NAME`: connects to a server and lists what it has. */
export const runUpstreamsTest: RunCommand = async (context) => {
  const { flags, screen, signal } = context;
  const [name = ""] = context.positionals;
  const look = await withUpstream(context, (shell) => lookAt(shell, signal));
  const { tools, lists, held, connectMs, revision } = look;
  const counts = {
    tools: tools.length,
    resources: lists.resources.length,
    templates: lists.templates.length,
    prompts: lists.prompts.length,
  };
  if (flags.has("json")) {
    const { serverInfo } = look;
    screen.json({ name, connectMs: Math.round(connectMs), revision, serverInfo, ...counts, held });
  } else {
    const what = Object.entries(counts).map(([kind, count]) => `${count} ${kind}`);
    const title = screen.text(titleOf(look));
    screen.line(`${title} answers after ${Math.round(connectMs)} ms, in MCP ${revision}.`);
    screen.line(`It has ${what.join(", ")}.`);
    for (const { tool, reason } of held)
      screen.line(
        screen.paint(`Held back: ${screen.text(tool)}: ${screen.text(reason)}`, "yellow"),
      );
  }
  return exitCodes.ok;
};
