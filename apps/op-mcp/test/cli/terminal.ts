import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import type { JsonObject } from "op-core";
import { textResult, type ToolDescriptor, ToolNotFoundError, type ToolResult } from "op-tools";
import type {
  CliCallOptions,
  CliSystem,
  DoctorCheck,
  ToolQuery,
} from "../../src/cli/cli-system.ts";
import type { ServedAt } from "../../src/cli/http-server.ts";
import { runCli } from "../../src/cli/run-cli.ts";
import type { LoadConfigOptions } from "../../src/config/load-config.ts";

/** A tool with the given name, and whatever else matters to a test. */
function aTool(name: string, rest: Partial<ToolDescriptor> = {}): ToolDescriptor {
  return {
    name,
    description: `Does ${name}. And more.`,
    inputSchema: { type: "object" },
    annotations: {},
    category: "system",
    tags: [],
    source: "builtin",
    risk: "read",
    ...rest,
  };
}

/** A system of three tools, one of which needs approval. */
class SmallSystem implements CliSystem {
  readonly queries: ToolQuery[] = [];
  readonly calls: (readonly [string, JsonObject])[] = [];
  isOpen = true;
  extraChecks: readonly DoctorCheck[] = [];
  readonly tools = [
    aTool("get_system_info"),
    aTool("restart_unit", { risk: "destructive", source: "systemd" }),
    aTool("slow"),
  ];

  async findTools(query: ToolQuery): Promise<readonly ToolDescriptor[]> {
    this.queries.push(query);
    return this.tools.filter((tool) => query.source === undefined || tool.source === query.source);
  }

  async call(name: string, args: JsonObject, options: CliCallOptions): Promise<ToolResult> {
    this.calls.push([name, args]);
    if (name === "restart_unit") return restart(options);
    if (name === "slow") return untilAborted(options.signal);
    if (name === "get_system_info") return textResult("fine\u001B[2J");
    throw new ToolNotFoundError(name, { nearest: ["get_system_info"] });
  }

  async *checks(): AsyncGenerator<DoctorCheck> {
    yield* this.extraChecks;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.isOpen = false;
  }
}

async function restart({ ask }: CliCallOptions): Promise<ToolResult> {
  const answer = await ask({
    key: "approve",
    message: "Restart nginx?",
    schema: { type: "object", properties: {} },
  });
  return answer.action === "accept"
    ? textResult("restarted")
    : { ...textResult("not approved"), isError: true };
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => {
      reject(signal.reason);
    });
  });
}

class Output {
  text = "";
  columns = 80;
  readonly isTTY: boolean;
  constructor(isTTY: boolean) {
    this.isTTY = isTTY;
  }
  write(text: string): void {
    this.text += text;
  }
}

/** How a command line ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Somebody's terminal, with a home folder of its own. */
export class Terminal implements Disposable {
  readonly home = mkdtempSync(join(tmpdir(), "op-mcp-cli-"));
  readonly env: Record<string, string> = { HOME: this.home };
  readonly system = new SmallSystem();
  readonly served: LoadConfigOptions[] = [];
  /** The listeners of each server over the network. */
  readonly listened: (readonly string[])[] = [];
  readonly servedAt: ServedAt = {
    urls: ["http://127.0.0.1:7411"],
    endpoint: "http://127.0.0.1:7411/mcp",
    localToken: { path: join(this.home, "local-token"), text: "opmcp_local_TOKEN" },
  };
  isTTY = false;
  columns = 80;
  /** What the person types, or what is piped in. */
  input: string | undefined;

  async run(...argv: readonly string[]): Promise<Ended> {
    const [stdout, stderr] = [new Output(this.isTTY), new Output(this.isTTY)];
    stdout.columns = this.columns;
    const stdin = Object.assign(new PassThrough(), { isTTY: this.isTTY });
    if (this.input !== undefined) stdin.end(this.input);
    const code = await runCli({
      argv,
      io: { stdin, stdout, stderr, env: this.env, cwd: this.home },
      signal: new AbortController().signal,
      openSystem: async () => this.system,
      serve: async (options) => {
        this.served.push(options);
        return 0;
      },
      serveHttp: async (_config, { loaded, onServing }) => {
        this.listened.push(loaded.config.serve.listeners);
        await onServing(this.servedAt);
        return 0;
      },
    });
    return { code, stdout: stdout.text, stderr: stderr.text };
  }

  [Symbol.dispose](): void {
    rmSync(this.home, { recursive: true, force: true });
  }
}

/** The text as it reads. */
export function plain(text: string): string {
  return stripVTControlCharacters(text);
}
