import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import type { Launch } from "../backend/execution-backend.ts";
import type { AgentProgram, AgentSpec } from "../spec/agent-spec.ts";

/** Keeps an agent's Node small: it has little to remember and nothing to do beside its tasks. */
const smallNode = [
  "--max-semi-space-size=1",
  "--v8-pool-size=1",
  "--disable-warning=SecurityWarning",
];

/** What a backend starts for an agent of this type. */
export function toLaunch(
  spec: AgentSpec,
  program: Exclude<AgentProgram, { readonly kind: "bus" }>,
): Launch {
  const { sandbox, env, cwd, limits } = spec;
  const start = { cwd, env, limits: limits.process, graceMs: limits.drainMs };
  if (program.kind === "executable") return { ...start, argv: program.argv, sandbox };
  const { file, args = [], nodeArgs = [] } = program;
  const condition = file.endsWith(".ts") ? ["--conditions=@op-mcp/source"] : [];
  return {
    ...start,
    argv: [process.execPath, ...smallNode, ...condition, ...nodeArgs, file, ...args],
    // Node, the module and this package may lie in somebody's home, which a sandbox hides.
    sandbox: {
      ...sandbox,
      readable: [...(sandbox.readable ?? []), process.execPath, dirname(file), packageFolder],
    },
  };
}

/** Two folders above this file, in the source and when it is built. */
const packageFolder = fileURLToPath(new URL("../../", import.meta.url));
