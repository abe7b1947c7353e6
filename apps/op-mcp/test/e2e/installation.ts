import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The binary as the build made it. */
export const binary = fileURLToPath(new URL("../../bin/op-mcp.cjs", import.meta.url));

/** How a run of the binary ended. */
export interface Run {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A home of its own for one test, so that nothing of this machine's user is read or written. */
export class Installation implements AsyncDisposable {
  readonly home: string;
  readonly env: NodeJS.ProcessEnv;
  readonly #children = new Set<ChildProcessWithoutNullStreams>();

  private constructor(home: string, env: Record<string, string>) {
    this.home = home;
    this.env = {
      PATH: process.env["PATH"],
      HOME: home,
      XDG_CACHE_HOME: join(home, "cache"),
      XDG_CONFIG_HOME: join(home, "config"),
      XDG_STATE_HOME: join(home, "state"),
      // What this machine's services offer, and what agents do, is no matter of most tests.
      MCP_DBUS_DISCOVERY: "false",
      MCP_AGENT_DISCOVERY: "false",
      ...env,
    };
  }

  static async create(env: Record<string, string> = {}): Promise<Installation> {
    return new Installation(await mkdtemp(join(tmpdir(), "op-mcp-e2e-")), env);
  }

  /** Writes a file of the home, which only its owner may read or write. */
  async write(name: string, text: string): Promise<string> {
    const path = join(this.home, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text, { mode: 0o600 });
    return path;
  }

  /** Starts the binary; it is killed at the latest when the installation is disposed. */
  spawn(...args: readonly string[]): ChildProcessWithoutNullStreams {
    const child = spawn(process.execPath, [binary, ...args], {
      cwd: this.home,
      env: this.env,
      stdio: "pipe",
    });
    this.#children.add(child);
    child.once("exit", () => this.#children.delete(child));
    return child;
  }

  /** Runs the binary to its end. */
  async run(args: readonly string[], input = ""): Promise<Run> {
    const child = this.spawn(...args);
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => void stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => void stderr.push(chunk));
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
    const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
      child.once("close", (...ending) => resolve(ending));
    });
    return {
      code,
      signal,
      stdout: Buffer.concat(stdout).toString(),
      stderr: Buffer.concat(stderr).toString(),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(
      [...this.#children].map(async (child) => {
        const exited = new Promise((resolve) => child.once("exit", resolve));
        child.kill("SIGKILL");
        await exited;
      }),
    );
    await rm(this.home, { recursive: true, force: true });
  }
}
