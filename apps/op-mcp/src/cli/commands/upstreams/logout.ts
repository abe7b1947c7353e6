import type { RunCommand } from "../../command.ts";
import { exitCodes } from "../../exit-codes.ts";
import { openOAuth } from "../../upstreams/open-oauth.ts";

/** `op-mcp upstreams logout NAME`: gives the tokens for a server back, and forgets them. */
export const runUpstreamsLogout: RunCommand = async (context) => {
  const { flags, screen, signal } = context;
  const { name, oauth } = await openOAuth(context);
  const { isRevoked } = await oauth.logout({ signal });
  if (flags.has("json")) screen.json({ name, isRevoked });
  else {
    screen.line(`Logged out of ${screen.text(name)}.`);
    if (!isRevoked)
      screen.line("The authorization server could not be told; tokens may be good until they end.");
  }
  return exitCodes.ok;
};
