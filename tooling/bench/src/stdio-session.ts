import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { createInterface } from "node:readline";

/** A program that speaks MCP on its standard streams. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A client with nothing between it and the wire, so that what is measured is the server. */
export class StdioSession implements AsyncDisposable {
  readonly spawnedAt = performance.now();
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #waiting = new Map<number, (line: string) => void>();
  #lastId = 0;
  #stderr = "";

  constructor({ command, args, env = {} }: Program) {
    this.#child = spawn(command, args, { stdio: "pipe", env: { ...process.env, ...env } });
    this.#child.stderr.on("data", (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk.toString()).slice(-2000);
    });
    createInterface({ input: this.#child.stdout }).on("line", (line) => {
      const id =
        /^\{"(?:jsonrpc":"2\.0","id|result":.*"id)":(\d+)/.exec(line)?.[1] ??
        /"id":(\d+)\}?$/.exec(line)?.[1];
      if (id === undefined) return;
      this.#waiting.get(Number(id))?.(line);
      this.#waiting.delete(Number(id));
    });
  }

  get pid(): number {
    const { pid } = this.#child;
    if (pid === undefined) throw new Error("the program did not start");
    return pid;
  }

  /** Sends a request and resolves to the line that answers it. */
  request(method: string, params: object = {}): Promise<string> {
    const id = (this.#lastId += 1);
    this.#child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id, method, params })}\n`);
    return new Promise((resolve, reject) => {
      const onExit = (): void => reject(new Error(`the server left: ${this.#stderr}`));
      this.#child.once("exit", onExit);
      this.#waiting.set(id, (line) => {
        this.#child.off("exit", onExit);
        resolve(line);
      });
    });
  }

  /** Opens a session of the handshake era. */
  async initialize(): Promise<void> {
    const clientInfo = { name: "bench", version: "1" };
    await this.request("initialize", {
      protocolVersion: "2025-11-25",
      capabilities: {},
      clientInfo,
    });
    this.#child.stdin.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n');
  }

  /** Closes the server's input and waits until it has left by itself. */
  async leave(): Promise<void> {
    const exited = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.stdin.end();
    await exited;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.kill("SIGKILL");
    await exited;
  }
}
