import { packageFacts } from "../../package.ts";
import type { RunCommand } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";

/** `op-mcp version`. */
export const runVersion: RunCommand = async ({ flags, screen }) => {
  const { version } = packageFacts();
  if (flags.has("json")) screen.json({ version, node: process.version });
  else screen.line(version);
  return exitCodes.ok;
};
