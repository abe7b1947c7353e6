import type { JsonObject } from "op-core";
import type { ShellStatus } from "./upstream-shell.ts";
import type { Upstreams } from "./upstreams.ts";

/** How the servers are, as plain data: which work, and what is missing of those that do not. */
export function describeUpstreams(
  upstreams: Pick<Upstreams, "status" | "unusable">,
): readonly JsonObject[] {
  return [
    ...upstreams.status().map(describe),
    ...upstreams.unusable.map(({ name, problem }) => ({ name, state: "unusable", problem })),
  ];
}

/** How a server stands, in a word. */
function stateOf({ engine }: Pick<ShellStatus, "engine">): string {
  if (engine === undefined) return "idle";
  if (engine.circuit === "open") return "failing";
  return engine.isConnected ? "connected" : "idle";
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
          requests: engine.calls,
          failures: engine.failures,
          repeats: engine.repeats,
          kept: { ...engine.kept },
          inFlight: engine.inFlight,
          ...(engine.lastMs === undefined ? {} : { lastMs: Math.round(engine.lastMs) }),
          held: engine.held.map(({ tool, reason }) => ({ tool, reason })),
        }),
  };
}
