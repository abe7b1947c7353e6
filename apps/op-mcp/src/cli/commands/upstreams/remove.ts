import type { RunCommand } from "../../command.ts";
import { exitCodes } from "../../exit-codes.ts";
import {
  fileOfUpstream,
  findConfigured,
  writeConfigured,
} from "../../upstreams/configured-upstream.ts";

/** `op-mcp upstreams remove NAME`: takes a server out of the file that names it. */
export const runUpstreamsRemove: RunCommand = async (context) => {
  const { flags, screen } = context;
  const configured = await findConfigured(context);
  const { name } = configured;
  const file = fileOfUpstream(configured);
  await writeConfigured(file, name, undefined);
  if (flags.has("json")) screen.json({ name, file });
  else screen.line(`${screen.text(name)} is not in ${screen.text(file)} any more.`);
  return exitCodes.ok;
};
