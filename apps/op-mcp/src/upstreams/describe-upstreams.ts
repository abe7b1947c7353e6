import type { UpstreamHealth } from "op-aggregator";
import type { JsonObject } from "op-core";
import type { ShellStatus } from "./upstream-shell.ts";
import type { Upstreams } from "./upstreams.ts";

/** How the servers are, as plain data: which work, and what is missing of those that do not. */
export function describeUpstreams(
  upstreams: Pick<Upstreams, "status" | "unusable">,
  countTools: (source: string) => number,
): readonly JsonObject[] {
  return [
    ...upstreams
      .status()
      .map((status) => ({ ...describe(status), ...missing(status, countTools) })),
    ...upstreams.unusable.map(({ name, problem }) => ({ name, state: "unusable", problem })),
  ];
}

/** How a server stands, in a word: `idle` is one that nobody uses now, `connecting` one that has not answered yet. */
export type UpstreamState = "connected" | "connecting" | "failing" | "idle";

export function stateOf({ engine }: Pick<ShellStatus, "engine">): UpstreamState {
  if (engine === undefined) return "idle";
  if (engine.circuit === "open" || engine.unreachable !== undefined) return "failing";
  if (engine.isConnected) return "connected";
  return engine.inFlight > 0 ? "connecting" : "idle";
}

/** What cannot be used of a server that fails, and why. */
function missing(status: ShellStatus, countTools: (source: string) => number): JsonObject {
  const { name, engine } = status;
  if (engine === undefined || stateOf(status) !== "failing") return {};
  const count = countTools(name);
  const what = count === 0 ? "its tools are not known" : `its ${count} tools cannot be called`;
  return { missing: `${what}: ${engine.unreachable ?? engine.lastError ?? "it kept failing"}` };
}

/** What was counted of a server since the process started. */
export interface UpstreamCounts {
  readonly requests: number;
  readonly failures: number;
  readonly repeats: number;
  readonly inFlight: number;
  readonly kept: UpstreamHealth["kept"];
  readonly lastMs?: number;
}

export function countsOf({ engine }: Pick<ShellStatus, "engine">): UpstreamCounts {
  const { calls = 0, failures = 0, repeats = 0, inFlight = 0, lastMs } = engine ?? {};
  const answered = lastMs === undefined ? {} : { lastMs: Math.round(lastMs * 10) / 10 };
  const { kept = { entries: 0, bytes: 0, hits: 0 } } = engine ?? {};
  return { requests: calls, failures, repeats, inFlight, kept, ...answered };
}

function describe(status: ShellStatus): JsonObject {
  const { name, engine, errors } = status;
  const [last] = errors;
  return {
    name,
    state: stateOf(status),
    ...(last === undefined ? {} : { lastError: { ...last } }),
    ...(engine === undefined
      ? {}
      : {
          ...countsOf(status),
          kept: { ...engine.kept },
          held: engine.held.map(({ tool, reason }) => ({ tool, reason })),
        }),
  };
}
