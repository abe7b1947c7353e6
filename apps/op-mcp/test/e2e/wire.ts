import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { createInterface } from "node:readline";

export type Message = Record<string, unknown>;

/** The wire to a spawned server: every line it says is parsed, so that a stray line fails the test. */
export class Wire {
  readonly received: Message[] = [];
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #waiting: { id: unknown; resolve: (message: Message) => void }[] = [];
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  stderr = "";
  #lastId = 0;

  /** What the server asks is answered as told, or not at all. */
  constructor(
    child: ChildProcessWithoutNullStreams,
    answer: (question: Message) => object | undefined = () => undefined,
  ) {
    this.#child = child;
    this.exited = new Promise((resolve) =>
      child.once("exit", (code, signal) => resolve({ code, signal })),
    );
    child.stderr.on("data", (chunk: Buffer) => {
      this.stderr += chunk.toString();
    });
    child.stdin.on("error", () => undefined);
    createInterface({ input: child.stdout }).on("line", (line) => {
      const message = JSON.parse(line) as Message;
      this.received.push(message);
      const { id, method } = message;
      if (method !== undefined) {
        const result = id === undefined ? undefined : answer(message);
        if (result !== undefined) this.write(`${JSON.stringify({ jsonrpc: "2.0", id, result })}\n`);
        return;
      }
      const index = this.#waiting.findIndex((one) => one.id === id);
      if (index >= 0) this.#waiting.splice(index, 1)[0]!.resolve(message);
    });
  }

  write(text: string): void {
    this.#child.stdin.write(text);
  }

  /** Closes the server's input, as a client that leaves does. */
  end(): void {
    this.#child.stdin.end();
  }

  async ask(method: string, params: object = {}): Promise<Message> {
    const id = (this.#lastId += 1);
    this.write(`${JSON.stringify({ jsonrpc: "2.0", id, method, params })}\n`);
    return await new Promise((resolve) => this.#waiting.push({ id, resolve }));
  }

  async initialize(capabilities: object = {}): Promise<Message> {
    const clientInfo = { name: "wire", version: "1" };
    const answer = await this.ask("initialize", {
      protocolVersion: "2025-11-25",
      capabilities,
      clientInfo,
    });
    this.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n');
    return answer;
  }
}
