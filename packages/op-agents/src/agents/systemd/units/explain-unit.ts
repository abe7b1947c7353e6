import type { JsonObject, JsonValue } from "op-core";
import { cleanText } from "../../text/clean-text.ts";
import { describeEnd } from "./exit-meaning.ts";
import { listOf, numberOf, textOf } from "./property.ts";

/** What is known of a unit: what all units have, and what those of its kind have. */
export interface UnitFacts {
  readonly unit: JsonObject;
  readonly kind: JsonObject;
}

/** Why a unit is in the state it is in, in one or two sentences; empty where there is nothing to explain. */
export function explainUnit(facts: UnitFacts): string {
  const { unit } = facts;
  const load = textOf(unit, "LoadState");
  if (load === "not-found") return "There is no file for this unit: it is not installed.";
  if (load === "masked") return "It is masked: nothing can start it until it is unmasked.";
  if (load !== "loaded") return explainLoad(unit, load);
  const active = textOf(unit, "ActiveState");
  if (active === "failed") return explainFailure(facts);
  if (textOf(unit, "SubState") === "auto-restart") {
    return `It keeps ending and waits to be started again. ${explainFailure(facts)}`;
  }
  if (active === "inactive") return explainSkip(unit);
  return "";
}

function explainLoad(unit: JsonObject, load: string): string {
  const [, text] = listOf(unit["LoadError"]);
  const detail = typeof text === "string" && text !== "" ? `: ${cleanText(text, 400)}` : "";
  return `Its file can't be used (${load})${detail}.`;
}

const results: Readonly<Record<string, string>> = {
  timeout: "It took longer to start or stop than its time limit allows.",
  "oom-kill": "The kernel killed it because memory ran out.",
  watchdog: "It gave no sign of life in its watchdog time and was ended.",
  "start-limit-hit":
    "It was started too often in a short time, because it kept ending; systemd tries no more.",
  resources: "systemd could not set up what it needs to run; its log says what.",
  protocol: "It ended, or said nothing, before it reported that it was ready, as its Type= wants.",
  "exec-condition": "Its ExecCondition= said that it should not run.",
};

function explainFailure({ kind }: UnitFacts): string {
  const result = textOf(kind, "Result");
  const processes = findFailedCommands(kind).map(
    ({ phase, program, code, status }) => `${phase} (${program}) ${describeEnd(code, status)}.`,
  );
  const known = Object.hasOwn(results, result) ? results[result] : undefined;
  const restarts = numberOf(kind, "NRestarts") ?? 0;
  const again = restarts > 0 ? `systemd has started it again ${restarts} times.` : "";
  const sentences = [known ?? "", ...processes, again].filter((text) => text !== "");
  if (sentences.length > 0) return sentences.join(" ");
  return result === "" || result === "success" ? "" : `It ended with the result ${result}.`;
}

/** A command of a service that ended badly. */
export interface FailedCommand {
  /** The setting it comes from, such as `ExecStartPre`. */
  readonly phase: string;
  readonly program: string;
  /** What `SIGCHLD` says. */
  readonly code: number;
  readonly status: number;
}

const phases =
  "ExecCondition ExecStartPre ExecStart ExecStartPost ExecReload ExecStop ExecStopPost";

/** The commands of a service that ended badly when they last ran. */
export function findFailedCommands(kind: JsonObject): readonly FailedCommand[] {
  return phases
    .split(" ")
    .flatMap((phase) =>
      listOf(kind[phase]).flatMap((command) => toFailedCommand(phase, command) ?? []),
    );
}

/** systemd gives a command as: program, arguments, whether failing is ignored, four times, process, code, status. */
function toFailedCommand(phase: string, command: JsonValue): FailedCommand | undefined {
  const [program, , isIgnored, , , , , , code, status] = listOf(command);
  if (typeof program !== "string" || typeof code !== "number" || typeof status !== "number") {
    return undefined;
  }
  if (isIgnored === true || code === 0 || status === 0) return undefined;
  return { phase, program: cleanText(program), code, status };
}

function explainSkip(unit: JsonObject): string {
  const wasTried = (numberOf(unit, "ConditionTimestamp") ?? 0) > 0;
  if (unit["ConditionResult"] !== false || !wasTried) return "";
  const failed = listOf(unit["Conditions"]).flatMap((condition) => {
    const [name, , isNegated, parameter, state] = listOf(condition);
    if (typeof name !== "string" || typeof parameter !== "string") return [];
    if (typeof state !== "number" || state >= 0) return [];
    return [cleanText(`${name}=${isNegated === true ? "!" : ""}${parameter}`)];
  });
  const which = failed.length === 0 ? "" : ` (${failed.join(", ")})`;
  return `It was not started, because a condition of its file did not hold${which}.`;
}
