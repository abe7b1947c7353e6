import type { RunCommand } from "../../command.ts";
import { exitCodes } from "../../exit-codes.ts";
import { lookAt, titleOf } from "../../upstreams/look-at-upstream.ts";
import { withUpstream } from "../../upstreams/with-upstream.ts";

/** `op-mcp upstreams test NAME`: connects to a server and lists what it has. */
export const runUpstreamsTest: RunCommand = async (context) => {
  const { flags, screen, signal } = context;
  const [name = ""] = context.positionals;
  const { connectMs, view } = await withUpstream(context, (shell) => lookAt(shell, signal));
  const { revision, serverInfo, held, resources, templates } = view;
  const counts = {
    tools: view.tools.length,
    resources,
    templates,
    prompts: view.prompts.length,
  };
  if (flags.has("json")) screen.json({ name, connectMs, revision, serverInfo, ...counts, held });
  else {
    const what = Object.entries(counts).map(([kind, count]) => `${count} ${kind}`);
    const title = screen.text(titleOf(view));
    screen.line(`${title} answers after ${connectMs} ms, in MCP ${revision}.`);
    screen.line(`It has ${what.join(", ")}.`);
    for (const { tool, reason } of held)
      screen.line(
        screen.paint(`Held back: ${screen.text(tool)}: ${screen.text(reason)}`, "yellow"),
      );
  }
  return exitCodes.ok;
};
