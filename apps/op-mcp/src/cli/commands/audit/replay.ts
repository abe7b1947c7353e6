import {
  openAuditKey,
  replaySession,
  sessionSteps,
  type CallStep,
  type SessionStep,
} from "op-audit";
import { isJsonObject } from "op-core";
import { openAuditLogs, type PlacedEntry } from "../../../audit/audit-logs.ts";
import { auditKeyName } from "../../../audit/audit-places.ts";
import { createTerminalAsk } from "../../ask-on-terminal.ts";
import { findAuditPlaces } from "../../audit/audit-context.ts";
import { UsageError } from "../../cli-error.ts";
import type { CommandContext, RunCommand } from "../../command.ts";
import { exitCodes } from "../../exit-codes.ts";
import { withSystem } from "../../with-system.ts";

/** `op-mcp audit replay SESSION`: what a session did, in order; with `--run` its reads are made again and compared. */
export const runAuditReplay: RunCommand = async (context) => {
  const { flags, screen } = context;
  const entries = (await readSession(context)).map(({ entry }) => entry);
  if (flags.has("run")) return await runAgain(context, entries);
  const steps = await sessionSteps(entries);
  if (flags.has("json")) screen.json(steps);
  else screen.table(["TIME", "WHAT", "HOW", "DETAILS"], steps.map(toRow));
  return exitCodes.ok;
};

async function readSession(context: CommandContext): Promise<readonly PlacedEntry[]> {
  const { positionals, signal } = context;
  const [sessionId = ""] = positionals;
  const { root } = await findAuditPlaces(context);
  await using logs = await openAuditLogs(root);
  const limit = Number.MAX_SAFE_INTEGER;
  const found = await logs.find({ sessionId }, { limit, order: "oldest", signal });
  if (found.length > 0) return found;
  throw new UsageError(`The audit log has nothing of a session ${JSON.stringify(sessionId)}.`, {
    advice: "`op-mcp audit query --json` shows the sessions of entries.",
  });
}

function toRow(step: SessionStep) {
  const at = { text: step.at.replace("T", " ").replace("Z", "") };
  if (step.kind === "event") {
    return [
      at,
      { text: step.entry.event },
      { text: "event" },
      { text: JSON.stringify(step.entry.details ?? {}) },
    ];
  }
  return [
    at,
    { text: step.tool },
    { text: step.outcome },
    { text: JSON.stringify(argumentsOf(step) ?? {}) },
  ];
}

function argumentsOf({ began, ended }: CallStep) {
  return ended?.arguments ?? began?.arguments;
}

async function runAgain(
  context: CommandContext,
  entries: readonly PlacedEntry["entry"][],
): Promise<(typeof exitCodes)["ok" | "failed"]> {
  const { flags, screen, io, signal } = context;
  const { keyPath } = await findAuditPlaces(context);
  const key = await openAuditKey({ path: keyPath, name: auditKeyName(), isCreated: false });
  const verdicts = await withSystem(context, async (system) => {
    const tools = await system.findTools({}, { signal });
    const reads = new Set(tools.flatMap(({ name, risk }) => (risk === "read" ? [name] : [])));
    const ask = createTerminalAsk(io, signal);
    const replayed = replaySession({
      entries,
      digest: key.digest,
      mayRun: ({ tool }) => reads.has(tool),
      call: (tool, args) => system.call(tool, isJsonObject(args) ? args : {}, { signal, ask }),
      signal,
    });
    return await Array.fromAsync(replayed);
  });
  if (flags.has("json")) {
    screen.json(
      verdicts.map(({ step, verdict, ...more }) => ({
        seq: step.seq,
        tool: step.tool,
        verdict,
        ...("reason" in more ? { reason: more.reason } : {}),
      })),
    );
  } else {
    screen.table(
      ["TIME", "TOOL", "NOW", "WHY"],
      verdicts.map((one) => [
        { text: one.step.at },
        { text: one.step.tool },
        { text: one.verdict },
        { text: "reason" in one ? one.reason : "" },
      ]),
    );
  }
  return verdicts.some(({ verdict }) => verdict === "failed") ? exitCodes.failed : exitCodes.ok;
}
