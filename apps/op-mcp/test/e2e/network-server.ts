import type { ChildProcess } from "node:child_process";
import { readFile } from "node:fs/promises";
import type { Installation } from "./installation.ts";

/** What `serve --json` says when clients can come. */
interface Announcement {
  readonly urls: readonly string[];
  readonly endpoint: string;
  readonly tokenFile: string;
}

/** `op-mcp serve`, running in an installation; it ends with it. */
export class NetworkServer {
  readonly urls: readonly string[];
  readonly endpoint: URL;
  readonly token: string;
  readonly child: ChildProcess;
  readonly #output: { stderr: string };
  /** How the process ended. */
  readonly exited: Promise<{ readonly code: number | null; readonly signal: string | null }>;

  private constructor(
    child: ChildProcess,
    { urls, endpoint }: Announcement,
    more: {
      readonly token: string;
      readonly output: { stderr: string };
      readonly exited: NetworkServer["exited"];
    },
  ) {
    this.child = child;
    this.urls = urls;
    this.endpoint = new URL(endpoint);
    this.token = more.token;
    this.#output = more.output;
    this.exited = more.exited;
  }

  /** Starts it on a free port of loopback, and where the flags say besides; resolves when clients can come. */
  static async start(
    installation: Installation,
    ...flags: readonly string[]
  ): Promise<NetworkServer> {
    const own = flags.some((flag) => /^https?:/.test(flag)) ? [] : ["http://127.0.0.1:0"];
    const listen = own.flatMap((url) => ["--listen", url]);
    const child = installation.spawn("serve", "--json", ...listen, ...flags);
    const output = { stderr: "" };
    child.stderr.on("data", (chunk: Buffer) => {
      output.stderr += String(chunk);
    });
    const exited = new Promise<{ code: number | null; signal: string | null }>((resolve) =>
      child.once("exit", (code, signal) => resolve({ code, signal })),
    );
    const announced = firstJson(child.stdout);
    const announcement = await Promise.race([announced, exited]);
    if ("code" in announcement) throw new Error(`serve ended: ${output.stderr}`);
    const token = (await readFile(announcement.tokenFile, "utf8")).trim();
    return new NetworkServer(child, announcement, { token, output, exited });
  }

  get stderr(): string {
    return this.#output.stderr;
  }

  get authorization(): { readonly authorization: string } {
    return { authorization: `Bearer ${this.token}` };
  }

  /** Resolves when the log says it. */
  async said(text: string): Promise<void> {
    while (!this.stderr.includes(text)) {
      await new Promise((resolve) => this.child.stderr?.once("data", resolve));
    }
  }

  /** Tells it to leave, and resolves to its exit code when it has. */
  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<number | null> {
    this.child.kill(signal);
    return (await this.exited).code;
  }
}

async function firstJson(stream: NodeJS.ReadableStream): Promise<Announcement> {
  let text = "";
  for await (const chunk of stream) {
    text += String(chunk);
    if (text.trimEnd().endsWith("\n}")) break;
  }
  const announcement: Announcement = JSON.parse(text);
  return announcement;
}
