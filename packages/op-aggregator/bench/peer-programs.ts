import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { EchoCall, Program } from "./caller.ts";
import type { OpMcp } from "./op-mcp.ts";

/** How a gateway is spoken to. */
export type Wire = "stdio" | "http" | "sse";

/** A gateway with one upstream behind it. */
export interface Gateway {
  readonly name: string;
  readonly wire: Wire;
  readonly argv: Program;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Where it listens. */
  readonly port?: number;
  readonly path?: string;
  /** Called instead of the upstream's tool, where it shows only tools of its own. */
  readonly via?: EchoCall;
  readonly isNode: boolean;
}

/** Pinned, so that two runs measure the same. */
const versions = {
  "mcp-proxy": "6.7.19",
  supergateway: "4.0.0",
  "mcp-hub": "4.2.1",
  "@standardbeagle/slop-mcp": "0.15.0",
};

const fileOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const cache = fileOf("../node_modules/.cache/peers");
const everything = fileOf("../node_modules/@modelcontextprotocol/server-everything/dist/index.js");
const upstream: Program = [process.execPath, everything, "stdio"];

/** Installs the peers where the benchmark keeps them, once: nobody who installs the workspace has to carry them. */
export function installPeers(): void {
  const stamp = join(cache, "installed.json");
  const wanted = JSON.stringify(versions);
  mkdirSync(cache, { recursive: true });
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  writeFileSync(join(cache, "package.json"), "{}");
  const specs = Object.entries(versions).map(([name, version]) => `${name}@${version}`);
  const flags = ["--no-audit", "--no-fund", "--prefix", cache];
  execFileSync("npm", ["install", ...flags, ...specs], { stdio: "ignore" });
  writeFileSync(stamp, wanted);
}

const script = (path: string): string => join(cache, "node_modules", path);

/** Ourselves with the same upstream, over the transport that a peer offers. */
export function ownGateway(own: OpMcp, wire: Wire, port: number): Gateway {
  const [command, ...args] = upstream;
  // Nobody is there who could be asked.
  const echo = { command, args, tools: [{ match: "*", risk: "read" }] };
  own.configure({ echo }, { serve: { listeners: [`http://127.0.0.1:${port}`] } });
  const argv: Program = wire === "stdio" ? own.argv : [...own.argv, "serve"];
  const path = wire === "sse" ? "/sse" : "/mcp";
  return { name: "op-mcp", wire, argv, env: own.env, port, path, isNode: true };
}

function mcpProxy(port: number): Gateway {
  const program = [script("mcp-proxy/dist/bin/mcp-proxy.mjs"), "--host", "127.0.0.1"];
  const argv: Program = [process.execPath, ...program, "--port", String(port), "--", ...upstream];
  return { name: "mcp-proxy", wire: "http", argv, port, path: "/mcp", isNode: true };
}

function supergateway(port: number): Gateway {
  const program = [script("supergateway/dist/index.js"), "--logLevel", "none", "--stateful"];
  const output = ["--outputTransport", "streamableHttp", "--port", String(port)];
  const command = upstream.map((part) => JSON.stringify(part)).join(" ");
  const argv: Program = [process.execPath, ...program, ...output, "--stdio", command];
  return { name: "supergateway", wire: "http", argv, port, path: "/mcp", isNode: true };
}

function mcpHub(port: number): Gateway {
  const config = join(cache, "hub.json");
  const [command, ...args] = upstream;
  writeFileSync(config, JSON.stringify({ mcpServers: { echo: { command, args } } }));
  const options = ["--port", String(port), "--config", config];
  return {
    name: "mcp-hub",
    wire: "sse",
    argv: [process.execPath, script("mcp-hub/dist/cli.js"), ...options],
    port,
    path: "/mcp",
    via: (message) => ({ name: "echo__echo", arguments: { message } }),
    isNode: true,
  };
}

function slopMcp(): Gateway {
  const home = join(cache, "home");
  mkdirSync(home, { recursive: true });
  rmSync(join(home, ".slop-mcp.kdl"), { force: true });
  const program = script(".bin/slop-mcp");
  const env = { ...process.env, HOME: home };
  execFileSync(program, ["mcp", "add", "echo", ...upstream], { cwd: home, env, stdio: "ignore" });
  return {
    name: "slop-mcp",
    wire: "stdio",
    argv: [program, "serve"],
    env: { HOME: home },
    cwd: home,
    via: (message) => ({
      name: "execute_tool",
      arguments: { mcp_name: "echo", tool_name: "echo", parameters: { message } },
    }),
    isNode: false,
  };
}

/** The peers, each made when it is its turn; `port` is what it listens on, where it listens. */
export const peers: Readonly<Record<string, (port: number) => Gateway>> = {
  "mcp-proxy": mcpProxy,
  supergateway,
  "mcp-hub": mcpHub,
  "slop-mcp": slopMcp,
};
