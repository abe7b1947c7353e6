import type { RunCommand } from "../../command.ts";
import { exitCodes } from "../../exit-codes.ts";
import { openLoopbackPage } from "../../upstreams/loopback-page.ts";
import { openOAuth } from "../../upstreams/open-oauth.ts";

/** `op-mcp upstreams login NAME`: lets a person log in to a server, with a browser on any machine. */
export const runUpstreamsLogin: RunCommand = async (context) => {
  const { io, flags, screen, signal } = context;
  const { name, settings, oauth } = await openOAuth(context);
  const tell = (text: string): unknown => io.stderr.write(`${text}\n`);
  await using page = await openLoopbackPage({
    io,
    port: settings.auth?.redirectPort ?? 0,
    onPage: ({ href }) => {
      tell("Open this page in a browser, and log in:");
      tell(`\n  ${screen.text(href)}\n`);
      tell("If the browser is on another machine, it ends at an address that it cannot open:");
      tell("paste that address here.");
    },
  });
  await oauth.login({ authorize: page, signal });
  const { scope, expiresAtMs, isRenewable } = await oauth.status({ signal });
  if (flags.has("json")) screen.json({ name, scope, expiresAtMs, isRenewable });
  else {
    screen.line(`Logged in to ${screen.text(name)}.`);
    if (!isRenewable && expiresAtMs !== undefined)
      screen.line(`The login ends at ${new Date(expiresAtMs).toISOString()}.`);
  }
  return exitCodes.ok;
};
