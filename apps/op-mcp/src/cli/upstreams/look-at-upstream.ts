import { viewUpstream, type UpstreamView } from "../../upstreams/upstream-record.ts";
import type { UpstreamShell } from "../../upstreams/upstream-shell.ts";

/** What was seen of a server by connecting to it. */
export interface UpstreamLook {
  readonly connectMs: number;
  readonly view: UpstreamView;
}

/** Connects to a server and lists everything it has. */
export async function lookAt(shell: UpstreamShell, signal: AbortSignal): Promise<UpstreamLook> {
  const began = performance.now();
  await shell.use(({ sources }) => Array.fromAsync(sources.tools.list({ signal })));
  const connectMs = Math.round(performance.now() - began);
  await shell.refresh();
  return { connectMs, view: await viewUpstream(shell) };
}

/** What a server calls itself. */
export function titleOf({ serverInfo }: Pick<UpstreamView, "serverInfo">): string {
  const { name, version } = serverInfo;
  return [name, version].filter((part) => typeof part === "string").join(" ");
}
