import { join } from "node:path";
import { systemClock } from "op-core";
import type { OAuthClient } from "op-protocol/oauth";
import { resolveDirectories } from "../../config/directories.ts";
import { createTokenVault } from "../../upstreams/auth/token-vault.ts";
import { UpstreamSettingsError } from "../../upstreams/upstream-error.ts";
import type { CommandContext } from "../command.ts";
import { findConfigured, type ConfiguredUpstream } from "./configured-upstream.ts";

/** What gets the tokens for the server that the command line names, as a running server has them too. */
export async function openOAuth(
  context: CommandContext,
): Promise<ConfiguredUpstream & { readonly oauth: OAuthClient }> {
  const found = await findConfigured(context);
  const { name, settings, loaded } = found;
  const { env } = context.io;
  const { state } = resolveDirectories(loaded.config.paths, env);
  const directory = join(state, "upstreams", "tokens");
  const places = () => loaded.config.upstreams;
  const vault = createTokenVault({ directory, places, env, clock: systemClock });
  const { createOAuth } = await import("../../upstreams/auth/create-oauth.ts");
  const options = { name, settings, env, vault, clock: systemClock };
  const oauth = createOAuth(options, context.flags.text("user"));
  if (oauth === undefined)
    throw new UpstreamSettingsError(name, "it does not say auth.oauth, so nobody can log in");
  return { ...found, oauth };
}
