import type { RunCommand } from "../../command.ts";
import { exitCodes } from "../../exit-codes.ts";
import { openOwnKeys } from "../../keys/own-keys.ts";

/** `op-mcp keys revoke ID`: ends a key at once. */
export const runKeysRevoke: RunCommand = async (context) => {
  const { flags, positionals, screen, signal } = context;
  const keys = await openOwnKeys(context);
  const key = await keys.revoke(positionals[0] ?? "", { signal });
  if (flags.has("json")) screen.json(key);
  else screen.line(`${screen.text(key.name)} (${key.id}) lets nobody in any more.`);
  return exitCodes.ok;
};
