import type { CommandContext, RunCommand } from "../../command.ts";
import { exitCodes, type ExitCode } from "../../exit-codes.ts";
import {
  fileOfUpstream,
  findConfigured,
  writeConfigured,
} from "../../upstreams/configured-upstream.ts";

async function setEnabled(context: CommandContext, isEnabled: boolean): Promise<ExitCode> {
  const { flags, screen } = context;
  const configured = await findConfigured(context);
  const { name, settings } = configured;
  const file = fileOfUpstream(configured);
  const { isEnabled: _was, ...rest } = settings;
  await writeConfigured(file, name, isEnabled ? rest : { ...rest, isEnabled });
  if (flags.has("json")) screen.json({ name, isEnabled, file });
  else screen.line(`${screen.text(name)} is ${isEnabled ? "used" : "not used any more"}.`);
  return exitCodes.ok;
}

/** `op-mcp upstreams enable NAME`: uses a server again. */
export const runUpstreamsEnable: RunCommand = (context) => setEnabled(context, true);

/** `op-mcp upstreams disable NAME`: keeps a server and does not use it. */
export const runUpstreamsDisable: RunCommand = (context) => setEnabled(context, false);
