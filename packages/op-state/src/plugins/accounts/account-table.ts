import { placeLine, placedLine, type PlacedLine } from "../files/placed-line.ts";

/** One of the files of accounts as its lines, in order; what is no entry stays as it is. */
export type AccountTable = readonly string[];

/** The name of the entry that a line is. */
export function nameOfLine(line: string): string {
  return line.slice(0, Math.max(0, line.indexOf(":")));
}

/** The fields of an entry; undefined when there is none. */
export function fieldsOf(table: AccountTable, name: string): readonly string[] | undefined {
  return table.find((line) => nameOfLine(line) === name)?.split(":");
}

/** An entry and its place, or null. */
export function placedEntry(table: AccountTable, name: string): PlacedLine | null {
  return placedLine(table, name, nameOfLine);
}

/** Puts an entry where it stood, or takes it away. */
export function withPlacedEntry(
  table: AccountTable,
  name: string,
  placed: PlacedLine | null,
): AccountTable {
  return placeLine(table, { name, placed, nameOf: nameOfLine });
}

/** Puts an entry in the place of the one of its name, or after all others. */
export function withEntry(table: AccountTable, fields: readonly string[]): AccountTable {
  const [name = ""] = fields;
  const line = fields.join(":");
  const index = table.findIndex((other) => nameOfLine(other) === name);
  if (index !== -1) return table.with(index, line);
  // Lines that begin with a sign bring in other directories, and what comes after them is not looked at.
  const end = table.findIndex((other) => /^[+-]/u.test(other));
  return table.toSpliced(end === -1 ? table.length : end, 0, line);
}

/** Takes an entry away. */
export function withoutEntry(table: AccountTable, name: string): AccountTable {
  return table.filter((line) => nameOfLine(line) !== name);
}

/** The parts of a field that is a list. */
export function listOf(field: string | undefined): readonly string[] {
  return (field ?? "").split(",").filter((part) => part !== "");
}

/** The numbers that entries have in their third field. */
export function idsOf(table: AccountTable): ReadonlySet<number> {
  return new Set(table.map((line) => Number(line.split(":")[2] || Number.NaN)));
}

/** The name of the entry with a number. */
export function nameOfId(table: AccountTable, id: string): string | undefined {
  const line = table.find((other) => other.split(":")[2] === id);
  return line === undefined ? undefined : nameOfLine(line);
}
