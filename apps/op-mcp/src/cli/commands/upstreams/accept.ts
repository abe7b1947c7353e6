import type { RunCommand } from "../../command.ts";
import { UsageError } from "../../cli-error.ts";
import { exitCodes } from "../../exit-codes.ts";
import { lookAt } from "../../upstreams/look-at-upstream.ts";
import { withUpstream } from "../../upstreams/with-upstream.ts";

/** `op-mcp upstreams accept NAME [TOOL]`: accepts tools that changed, as they are now. */
export const runUpstreamsAccept: RunCommand = async (context) => {
  const { flags, screen, signal, positionals } = context;
  const [name = "", tool] = positionals;
  const accepted = await withUpstream(context, async (shell) => {
    const {
      view: { held },
    } = await lookAt(shell, signal);
    const changed = held.filter(({ changes }) => changes !== undefined).map((each) => each.tool);
    if (tool !== undefined && !changed.includes(tool))
      throw new UsageError(`${JSON.stringify(tool)} of ${name} has not changed.`, {
        advice: `\`op-mcp upstreams inspect ${name}\` shows what has.`,
      });
    await shell.use(({ sources }) => sources.accept(tool));
    return tool === undefined ? changed : [tool];
  });
  if (flags.has("json")) screen.json({ name, accepted });
  else if (accepted.length === 0) screen.line("Nothing had changed.");
  else screen.line(`Accepted: ${accepted.map((each) => screen.text(each)).join(", ")}.`);
  return exitCodes.ok;
};
