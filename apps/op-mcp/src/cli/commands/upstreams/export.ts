import { exportUpstreams } from "op-aggregator/import";
import type { RunCommand } from "../../command.ts";
import { exitCodes } from "../../exit-codes.ts";
import { findKnownClient } from "../../upstreams/client-formats.ts";
import { fromSettings } from "../../upstreams/client-servers.ts";
import { findUnsaid } from "../../upstreams/write-client-extras.ts";

/** `op-mcp upstreams export CLIENT`: prints the servers as another client configures them. Secrets stay where they are. */
export const runUpstreamsExport: RunCommand = async (context) => {
  const { client, format } = findKnownClient(context);
  const { config } = await context.loadConfig();
  const servers = Object.entries(config.upstreams.servers);
  const file = exportUpstreams(
    format,
    servers.map(([name, settings]) => fromSettings(name, settings, format)),
  );
  if (client.format === "json" || context.flags.has("json")) context.screen.json(file);
  else {
    const { addTomlTable } = await import("../../../toml/edit-toml.ts");
    context.screen.line(addTomlTable("", [], file).trimEnd());
  }
  for (const [name, settings] of servers)
    for (const note of findUnsaid(settings, format))
      context.io.stderr.write(`${context.screen.text(`${name}: ${note}`)}.\n`);
  return exitCodes.ok;
};
