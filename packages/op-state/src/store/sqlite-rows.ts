import { z } from "zod";
import type { JsonValue } from "op-core";
import type { DeclaredEntry, RecordStep, StateRecord } from "./state-store.ts";

const JsonRecord = z.record(z.string(), z.json());
const Declared = z.strictObject({ desired: JsonRecord.nullable() });

const Change = z.strictObject({
  plugin: z.string(),
  key: z.string(),
  desired: JsonRecord.nullable(),
  action: z.enum(["create", "update", "delete"]),
  risk: z.enum(["read", "write", "destructive", "privileged"]),
  isReversible: z.boolean(),
  before: JsonRecord.nullable(),
  after: JsonRecord.nullable(),
  requires: z.array(z.string()),
  secrets: z.array(z.string()).exactOptional(),
});

const Task = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("reach"), change: Change }),
  z.strictObject({
    kind: z.literal("restore"),
    saved: z.json(),
    declared: Declared.nullable(),
  }),
  z.strictObject({ kind: z.literal("keep") }),
]);

/** Reads a column that holds JSON. */
function json<T extends z.ZodType>(schema: T) {
  return z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(schema);
}

const StepRow = z.object({
  plugin: z.string(),
  key: z.string(),
  task: json(Task),
  saved: json(z.json()),
  declared: json(Declared.nullable()),
  status: z.enum(["pending", "started", "done", "undone"]),
});

const RecordRow = z.object({
  id: z.number(),
  kind: z.enum(["apply", "rollback", "checkpoint"]),
  status: z.enum(["running", "undoing", "completed", "undone", "stopped"]),
  atMs: z.number(),
  who: z.string(),
  why: z.string(),
  planHash: z.string().nullable(),
  target: z.number().nullable(),
  endedMs: z.number().nullable(),
  error: z.string().nullable(),
  isRecovered: z.literal([0, 1]).transform((bit) => bit === 1),
});

const DeclaredRow = z.object({
  plugin: z.string(),
  key: z.string(),
  desired: json(JsonRecord.nullable()),
});

const FirstRow = z.object({ first: z.number().nullable() });

/** Reads rows of records. */
export function toRecords(rows: readonly unknown[]): readonly StateRecord[] {
  return rows.map((row) => RecordRow.parse(row));
}

/** Reads rows of steps. */
export function toSteps(rows: readonly unknown[]): readonly RecordStep[] {
  return rows.map((row) => StepRow.parse(row));
}

/** Reads rows of what is declared. */
export function toDeclared(rows: readonly unknown[]): readonly DeclaredEntry[] {
  return rows.map((row) => DeclaredRow.parse(row));
}

/** Reads the smallest number of a record that there is; beyond all where there is none. */
export function toFirst(row: unknown): number {
  return FirstRow.parse(row).first ?? Number.MAX_SAFE_INTEGER;
}

/** Writes a column that holds JSON. */
export function toColumn(value: JsonValue): string {
  return JSON.stringify(value);
}
