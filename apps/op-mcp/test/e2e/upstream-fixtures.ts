import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Installation } from "./installation.ts";

const modules = join(dirname(fileURLToPath(import.meta.url)), "../../node_modules");

interface Program {
  readonly command: string;
  readonly args: readonly string[];
}

/** A server from npm, as a configuration names it. */
export function npmServer(name: string, ...args: readonly string[]): Program {
  const entry = join(modules, `@modelcontextprotocol/server-${name}/dist/index.js`);
  return { command: process.execPath, args: [entry, ...args] };
}

/** An installation with these servers behind it. */
export async function installationWith(servers: object, more: object = {}): Promise<Installation> {
  const installation = await Installation.create();
  await configure(installation, servers, more);
  return installation;
}

/** Writes the configuration again. */
export async function configure(
  installation: Installation,
  servers: object,
  more: object = {},
): Promise<void> {
  const config = { upstreams: { servers }, disclosure: { mode: "direct" }, ...more };
  await installation.write("config/op-mcp/config.json", JSON.stringify(config));
}
