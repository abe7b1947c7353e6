/** One of the files of accounts as its lines, in order; what is no entry stays as it is. */
export type AccountTable = readonly string[];

/** An entry and where it stands, so that it can be put back there. */
export interface PlacedLine {
  readonly line: string;
  /** The names of entries before it, the nearest first: some may be gone when it is put back. */
  readonly after: string[];
}

const neighbours = 64;

/** The name of the entry that a line is. */
export function nameOfLine(line: string): string {
  return line.slice(0, Math.max(0, line.indexOf(":")));
}

/** The fields of an entry; undefined when there is none. */
export function fieldsOf(table: AccountTable, name: string): readonly string[] | undefined {
  return table.find((line) => nameOfLine(line) === name)?.split(":");
}

/** An entry and its place, or null. */
export function placedLine(table: AccountTable, name: string): PlacedLine | null {
  const index = table.findIndex((line) => nameOfLine(line) === name);
  const line = table[index];
  if (line === undefined) return null;
  const before = table.slice(Math.max(0, index - neighbours), index);
  return { line, after: before.map(nameOfLine).toReversed() };
}

/** Puts an entry where it stood, or takes it away. */
export function withPlacedLine(
  table: AccountTable,
  name: string,
  placed: PlacedLine | null,
): AccountTable {
  const index = table.findIndex((line) => nameOfLine(line) === name);
  if (placed === null) return index === -1 ? table : table.toSpliced(index, 1);
  if (index !== -1) return table.with(index, placed.line);
  const names = new Set(table.map(nameOfLine));
  const neighbour = placed.after.find((other) => names.has(other));
  const before = table.findLastIndex((line) => nameOfLine(line) === neighbour);
  return table.toSpliced(before + 1, 0, placed.line);
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
