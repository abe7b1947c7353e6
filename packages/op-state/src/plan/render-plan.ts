import type { JsonObject, JsonValue } from "op-core";
import { idOf } from "../document/desired-state.ts";
import { forAuthor, type ChangeView } from "../plugin/without-secrets.ts";
import type { PlannedChange, StatePlan } from "./state-plan.ts";

/** A line of a plan as people read it. */
export interface PlanLine {
  readonly sign: "+" | "-" | "~" | " ";
  /** 0 for a resource, 1 for a property, 2 for a line of a property. */
  readonly depth: number;
  /** Without control characters: what comes from the system cannot disturb a terminal. */
  readonly text: string;
}

/** What a plan comes to. */
export interface PlanSummary {
  readonly created: number;
  readonly updated: number;
  readonly deleted: number;
  readonly unchanged: number;
}

/** Counts a plan's changes. */
export function summarisePlan({ changes, desired }: StatePlan): PlanSummary {
  return { ...summariseChanges(changes), unchanged: desired.length - changes.length };
}

/** Counts changes. */
export function summariseChanges(
  changes: readonly PlannedChange[],
): Omit<PlanSummary, "unchanged"> {
  const count = (action: PlannedChange["action"]) =>
    changes.filter((change) => change.action === action).length;
  return { created: count("create"), updated: count("update"), deleted: count("delete") };
}

/** Writes lines as plain text. */
export function writeLines(lines: readonly PlanLine[]): readonly string[] {
  return lines.map(({ sign, depth, text }) => `${"  ".repeat(depth)}${sign} ${text}`.trimEnd());
}

/** What lines are written from: a change as it may be shown. */
export interface ShownChange extends Pick<PlannedChange, "action" | "isReversible"> {
  /** `plugin:key`. */
  readonly resource: string;
  readonly risk: string;
  readonly before: JsonObject | null;
  readonly after: JsonObject | null;
}

/**
 * Writes changes as lines: resources, their properties, and of long texts the lines that differ. Secrets are shown as far
 * as whoever declares them sees them.
 */
export function planLines(
  changes: readonly PlannedChange[],
  view: ChangeView = forAuthor,
): readonly PlanLine[] {
  return changeLines(
    changes.map((change) => ({ ...change, resource: idOf(change), ...view(change) })),
  );
}

/** Writes changes that hold no secrets any more. */
export function changeLines(changes: readonly ShownChange[]): readonly PlanLine[] {
  return changes.flatMap((change) => [headOf(change), ...propertyLines(change)]);
}

/** Writes a plan as plain text, with a summary at the end. */
export function renderPlan(plan: StatePlan): string {
  const { created, updated, deleted, unchanged } = summarisePlan(plan);
  const lines = writeLines(planLines(plan.changes));
  const summary = `${created} to create, ${updated} to update, ${deleted} to delete, ${unchanged} as desired`;
  return [...lines, ...(lines.length > 0 ? [""] : []), summary, ""].join("\n");
}

const signs = { create: "+", update: "~", delete: "-" } as const;

function headOf(change: ShownChange): PlanLine {
  const notes = [
    ...(change.risk === "read" || change.risk === "write" ? [] : [change.risk]),
    ...(change.isReversible ? [] : ["cannot be undone"]),
  ];
  const note = notes.length > 0 ? ` (${notes.join(", ")})` : "";
  return { sign: signs[change.action], depth: 0, text: printable(change.resource) + note };
}

function propertyLines({ before, after }: ShownChange): readonly PlanLine[] {
  const names = Object.keys({ ...before, ...after }).toSorted();
  return names.flatMap((name) => linesOf(name, read(before, name), read(after, name)));
}

function read(value: JsonObject | null, name: string): JsonValue | undefined {
  return value !== null && Object.hasOwn(value, name) ? value[name] : undefined;
}

function linesOf(
  name: string,
  before: JsonValue | undefined,
  after: JsonValue | undefined,
): readonly PlanLine[] {
  const [old, wanted] = [show(before), show(after)];
  if (old === wanted) return [];
  const label = printable(name);
  if (isLong(before) || isLong(after)) {
    const sign = old === undefined ? "+" : wanted === undefined ? "-" : "~";
    return [line(sign, `${label}:`), ...textLines(before, after)];
  }
  if (old === undefined) return [line("+", `${label}: ${wanted}`)];
  if (wanted === undefined) return [line("-", `${label}: ${old}`)];
  return [line("~", `${label}: ${old} → ${wanted}`)];
}

function line(sign: PlanLine["sign"], text: string): PlanLine {
  return { sign, depth: 1, text };
}

function isLong(value: JsonValue | undefined): boolean {
  return typeof value === "string" && value.includes("\n");
}

/** Leaves out what both texts begin and end with. */
function textLines(
  before: JsonValue | undefined,
  after: JsonValue | undefined,
): readonly PlanLine[] {
  const [old, wanted] = [splitLines(before), splitLines(after)];
  const head = commonStart(old, wanted);
  const tail = commonStart(old.slice(head).toReversed(), wanted.slice(head).toReversed());
  const toLines = (sign: "+" | "-", lines: readonly string[]) =>
    lines
      .slice(head, lines.length - tail)
      .map((text): PlanLine => ({ sign, depth: 2, text: printable(text) }));
  return [...toLines("-", old), ...toLines("+", wanted)];
}

function splitLines(value: JsonValue | undefined): readonly string[] {
  return typeof value === "string" && value !== "" ? value.replace(/\n$/u, "").split("\n") : [];
}

function commonStart(left: readonly string[], right: readonly string[]): number {
  const at = left.findIndex((text, index) => text !== right[index]);
  return at === -1 ? Math.min(left.length, right.length) : at;
}

function show(value: JsonValue | undefined): string | undefined {
  return value === undefined ? undefined : printable(JSON.stringify(value));
}

/** Escapes what a terminal would obey and what would turn the direction of the text. */
function printable(text: string): string {
  return text.replaceAll(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16) ?? ""}}`,
  );
}
