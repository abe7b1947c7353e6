import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { isJsonObject } from "op-core";
import type { Environment } from "../../config/environment.ts";

/** How the server is started. */
export interface SelfCheckOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Environment;
  readonly cwd: string;
  readonly signal: AbortSignal;
  /** How long each step may take. */
  readonly stepMs?: number;
}

/** What a client would see. */
export interface SelfCheck {
  /** What went wrong, in sentences; empty when all is well. */
  readonly problems: readonly string[];
  /** What the server says it is, for example `op-mcp 1.2.3`. */
  readonly server: string;
  /** How many tools its first page lists. */
  readonly listedTools: number;
  /** From spawning to the first list of tools. */
  readonly firstListMs: number;
  /** From the end of stdin to the end of the process. */
  readonly leaveMs: number;
}

/**
 * Starts the server as a client does: initialises, lists the tools, closes stdin, and waits for it to leave. Whatever
 * happens, nothing of it is left running.
 */
export async function runSelfCheck(options: SelfCheckOptions): Promise<SelfCheck> {
  const { command, args, env, cwd } = options;
  const started = performance.now();
  const child = spawn(command, args, { env: { ...env }, cwd, stdio: "pipe" });
  await using _child = { [Symbol.asyncDispose]: () => end(child) };
  const session = new Session(child, options);
  const found = { server: "", listedTools: 0, firstListMs: 0, leaveMs: 0 };
  try {
    found.server = await session.initialize();
    found.listedTools = await session.listTools();
    found.firstListMs = performance.now() - started;
    found.leaveMs = await session.leave();
  } catch (error) {
    session.problems.push((error instanceof Error ? error.message : String(error)).trim());
  }
  return { ...found, problems: session.problems };
}

class Session {
  readonly problems: string[] = [];
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #signal: AbortSignal;
  readonly #stepMs: number;
  readonly #waiting = new Map<number, (message: Readonly<Record<string, unknown>>) => void>();
  readonly #failed = Promise.withResolvers<never>();
  #stderr = "";

  constructor(child: ChildProcessWithoutNullStreams, options: SelfCheckOptions) {
    this.#child = child;
    this.#signal = options.signal;
    this.#stepMs = options.stepMs ?? 10_000;
    this.#failed.promise.catch(() => undefined);
    child.once("error", (error) => {
      this.#failed.reject(new Error(`The server cannot be started: ${error.message}`));
    });
    child.stdin.on("error", () => undefined);
    child.stderr.on("data", (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk.toString()).slice(-500);
    });
    createInterface({ input: child.stdout }).on("line", (line) => {
      this.#read(line);
    });
  }

  async initialize(): Promise<string> {
    const result = await this.#request(1, "initialize", {
      protocolVersion: "2025-11-25",
      capabilities: {},
      clientInfo: { name: "op-mcp-doctor", version: "1" },
    });
    this.#send({ jsonrpc: "2.0", method: "notifications/initialized" });
    const info = isJsonObject(result["serverInfo"]) ? result["serverInfo"] : {};
    return [info["name"], info["version"]].filter((part) => typeof part === "string").join(" ");
  }

  async listTools(): Promise<number> {
    const { tools } = await this.#request(2, "tools/list", {});
    return Array.isArray(tools) ? tools.length : 0;
  }

  async leave(): Promise<number> {
    const started = performance.now();
    const exit = once(this.#child, "exit");
    this.#child.stdin.end();
    const [code, signal]: unknown[] = await this.#within("leaving after the end of stdin", exit);
    if (code !== 0) this.problems.push(`It left with ${String(code ?? signal)} instead of 0.`);
    return performance.now() - started;
  }

  async #request(
    id: number,
    method: string,
    params: object,
  ): Promise<Readonly<Record<string, unknown>>> {
    const answer = new Promise<Readonly<Record<string, unknown>>>((resolve) => {
      this.#waiting.set(id, resolve);
    });
    const early = once(this.#child, "close").then(([code, signal]: unknown[]) => {
      throw new Error(
        `The server left with ${String(code ?? signal)} before it answered ${method}. ${this.#stderr.trim()}`,
      );
    });
    this.#send({ jsonrpc: "2.0", id, method, params });
    const message = await this.#within(method, Promise.race([answer, early]));
    if (isJsonObject(message["result"])) return message["result"];
    throw new Error(`${method} was answered with an error: ${JSON.stringify(message["error"])}`);
  }

  #send(message: object): void {
    this.#child.stdin.write(`${JSON.stringify(message)}\n`);
  }

  #read(line: string): void {
    let message: unknown;
    try {
      message = JSON.parse(line);
    } catch {
      this.problems.push(`stdout has a line that is not MCP: ${line.slice(0, 100)}`);
      return;
    }
    if (isJsonObject(message)) this.#waiting.get(Number(message["id"]))?.(message);
  }

  async #within<T>(what: string, promise: Promise<T>): Promise<T> {
    const late = AbortSignal.any([this.#signal, AbortSignal.timeout(this.#stepMs)]);
    const aborted = once(late, "abort").then(() => {
      throw new Error(
        `The server took more than ${this.#stepMs / 1000} s for ${what}. ${this.#stderr.trim()}`,
      );
    });
    aborted.catch(() => undefined);
    return Promise.race([promise, aborted, this.#failed.promise]);
  }
}

async function end(child: ChildProcessWithoutNullStreams): Promise<void> {
  const isRunning = child.pid !== undefined && child.exitCode === null && child.signalCode === null;
  if (!isRunning) return;
  const exit = once(child, "exit");
  child.kill("SIGKILL");
  await exit;
}
