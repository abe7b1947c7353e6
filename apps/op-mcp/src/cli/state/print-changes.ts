import { isJsonObject, type JsonObject, type JsonValue } from "op-core";
import { changeLines, type PlanLine, type ShownChange } from "op-state/lines";
import { asList, asObject, asText } from "../json-fields.ts";
import type { Look, Screen } from "../screen.ts";

const signLooks: Readonly<Record<PlanLine["sign"], Look>> = {
  "+": "green",
  "-": "red",
  "~": "yellow",
  " ": "dim",
};

const actions = ["create", "update", "delete"] as const;

/** Prints changes as tools answer them: resources, and below them what becomes of their properties. */
export function printChanges(screen: Screen, changes: readonly JsonValue[]): void {
  const shown = changes.map((change) => toShown(asObject(change)));
  for (const line of changeLines(shown)) screen.line(paintLine(screen, line));
}

/** Prints how many resources are created, updated and deleted. */
export function printSummary(screen: Screen, changes: readonly JsonValue[], rest: string): void {
  const count = (action: (typeof actions)[number]) =>
    changes.filter((change) => asObject(change)["action"] === action).length;
  const part = (action: (typeof actions)[number], look: Look) => {
    const text = `${count(action)} to ${action}`;
    return count(action) === 0 ? text : screen.paint(text, look);
  };
  const parts = [part("create", "green"), part("update", "yellow"), part("delete", "red")];
  screen.line(
    `${screen.paint("Plan:", "bold")} ${[...parts, ...(rest === "" ? [] : [rest])].join(", ")}.`,
  );
}

function paintLine(screen: Screen, { sign, depth, text }: PlanLine): string {
  const look = signLooks[sign];
  const indent = "    ".repeat(depth);
  if (depth > 0) return `${indent}${screen.paint(`${sign} ${text}`.trimEnd(), look)}`;
  return `${screen.paint(sign, look)} ${screen.paint(text, "bold")}`;
}

function toShown(change: JsonObject): ShownChange {
  const { action, before, after, isReversible, resource, risk } = change;
  return {
    resource: asText(resource),
    action: actions.find((each) => each === action) ?? "update",
    risk: asText(risk),
    isReversible: isReversible !== false,
    before: isJsonObject(before) ? before : null,
    after: isJsonObject(after) ? after : null,
  };
}

/** Prints what is not as desired: what would bring it back, and what only a closer look sees. */
export function printDeviations(screen: Screen, deviations: readonly JsonValue[]): void {
  const entries = deviations.map(asObject);
  printChanges(
    screen,
    entries.flatMap(({ change }) => change ?? []),
  );
  for (const { resource, problem } of entries) {
    if (problem === undefined) continue;
    const text = `! ${asText(resource)}: ${asText(problem)}`;
    screen.line(screen.paint(screen.text(text), "red"));
  }
}

/** The changes of an answer. */
export function changesOf(answer: JsonObject): readonly JsonValue[] {
  return asList(answer["changes"]);
}
