import type { HeldTool } from "op-aggregator";
import type { ToolDescriptor } from "op-tools";
import type { OfferedLists } from "../../upstreams/saved-upstream.ts";
import type { UpstreamShell } from "../../upstreams/upstream-shell.ts";

/** What was seen of a server by connecting to it. */
export interface UpstreamLook {
  readonly connectMs: number;
  /** How long it takes to answer when it is connected. */
  readonly answerMs: number | undefined;
  readonly tools: readonly ToolDescriptor[];
  readonly lists: OfferedLists;
  readonly held: readonly HeldTool[];
  readonly revision: string;
  readonly serverInfo: Readonly<Record<string, unknown>>;
  readonly memoryBytes: number | undefined;
}

/** Connects to a server and lists everything it has. */
export async function lookAt(shell: UpstreamShell, signal: AbortSignal): Promise<UpstreamLook> {
  const began = performance.now();
  const tools = await shell.use(({ sources }) => Array.fromAsync(sources.tools.list({ signal })));
  const connectMs = performance.now() - began;
  const lists = await shell.refresh();
  const { engine } = shell.status;
  const usage = await shell.children.read();
  return {
    connectMs,
    answerMs: engine?.lastMs,
    tools,
    lists,
    held: engine?.held ?? [],
    revision: engine?.profile?.revision ?? "",
    serverInfo: engine?.profile?.serverInfo ?? {},
    memoryBytes: usage?.memoryBytes,
  };
}

/** What a server calls itself. */
export function titleOf({ serverInfo }: UpstreamLook): string {
  const { name, version } = serverInfo;
  return [name, version].filter((part) => typeof part === "string").join(" ");
}
