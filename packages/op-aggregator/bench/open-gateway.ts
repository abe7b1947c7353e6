import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import {
  Client,
  SSEClientTransport,
  StreamableHTTPClientTransport,
} from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { callEcho, createCaller, type Caller } from "./caller.ts";
import type { Gateway } from "./peer-programs.ts";

/** A gateway that runs, and somebody who calls through it. */
export interface OpenGateway extends AsyncDisposable {
  readonly caller: Caller;
  /** From starting the program to its first list with the tool in it, in milliseconds. */
  readonly coldMs: number;
  /** What its own process holds, without the upstream's, in megabytes. */
  residentMb(): number;
}

const patienceMs = 30_000;

/** A port that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== "object" || address === null) throw new Error("there is no free port");
  return address.port;
}

function residentMb(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return (Number(/^VmRSS:\s+(\d+) kB$/mu.exec(status)?.[1]) * 1024) / 1e6;
}

/** Waits until the tool is listed: that may be long after the first connection. */
async function awaitTool(caller: Caller): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!(await caller.isListed())) {
    if (performance.now() > deadline) throw new Error("its tools were not listed within 30 s");
    await sleep(5);
  }
}

async function connectHttp(gateway: Gateway, url: URL): Promise<Client> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const client = new Client({ name: "bench", version: "1" });
    try {
      await client.connect(
        gateway.wire === "sse"
          ? new SSEClientTransport(url)
          : new StreamableHTTPClientTransport(url),
      );
      return client;
    } catch (error) {
      await client.close();
      if (performance.now() > deadline) throw error;
      await sleep(5);
    }
  }
}

async function openOverStdio(gateway: Gateway): Promise<OpenGateway> {
  const [command, ...args] = gateway.argv;
  const { cwd, env = {} } = gateway;
  const started = performance.now();
  const transport = new StdioClientTransport({
    command,
    args,
    env: { PATH: process.env["PATH"] ?? "", ...env },
    stderr: "ignore",
    ...(cwd === undefined ? {} : { cwd }),
  });
  const client = new Client({ name: "bench", version: "1" });
  await client.connect(transport);
  const caller = createCaller(client, gateway.via ?? callEcho);
  await awaitTool(caller);
  const coldMs = performance.now() - started;
  await caller.call();
  const pid = transport.pid ?? 0;
  return {
    caller,
    coldMs,
    residentMb: () => residentMb(pid),
    [Symbol.asyncDispose]: () => client.close(),
  };
}

/** Starts a gateway, waits for its tools and calls one. */
export async function openGateway(gateway: Gateway): Promise<OpenGateway> {
  if (gateway.wire === "stdio") return await openOverStdio(gateway);
  const [command, ...args] = gateway.argv;
  const started = performance.now();
  const child = spawn(command, args, {
    stdio: "ignore",
    env: { ...process.env, ...gateway.env },
    detached: true,
  });
  const stop = async (): Promise<void> => {
    const exited = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await Promise.race([exited, sleep(3000)]);
    // What it left behind is of its process group.
    if (child.pid !== undefined) {
      try {
        process.kill(-child.pid, "SIGKILL");
      } catch {
        // Nothing was left.
      }
    }
  };
  try {
    const client = await connectHttp(
      gateway,
      new URL(`http://127.0.0.1:${gateway.port}${gateway.path}`),
    );
    const caller = createCaller(client, gateway.via ?? callEcho);
    await awaitTool(caller);
    const coldMs = performance.now() - started;
    await caller.call();
    return {
      caller,
      coldMs,
      residentMb: () => residentMb(child.pid ?? 0),
      [Symbol.asyncDispose]: async () => {
        await client.close();
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
