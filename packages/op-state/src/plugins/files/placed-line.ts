import { z } from "zod";

/** A line and where it stands, so that it can be put back there; null when there is none. */
export const PlacedLine = z.strictObject({
  line: z.string(),
  /** The names of lines before it, the nearest first: some may be gone when it is put back. */
  after: z.array(z.string()),
});

/** A line and where it stands. */
export type PlacedLine = z.output<typeof PlacedLine>;

const neighbours = 64;

/** The line of a name and its place, or null. */
export function placedLine(
  lines: readonly string[],
  name: string,
  nameOf: (line: string) => string,
): PlacedLine | null {
  const index = lines.findIndex((line) => nameOf(line) === name);
  const line = lines[index];
  if (line === undefined) return null;
  const before = lines.slice(Math.max(0, index - neighbours), index);
  return { line, after: before.map(nameOf).toReversed() };
}

/** What a line is put back by. */
export interface LinePlacement {
  readonly name: string;
  readonly placed: PlacedLine | null;
  readonly nameOf: (line: string) => string;
}

/** Puts a line where it stood, or takes the one of its name away. */
export function placeLine(
  lines: readonly string[],
  { name, placed, nameOf }: LinePlacement,
): readonly string[] {
  const index = lines.findIndex((line) => nameOf(line) === name);
  if (placed === null) return index === -1 ? lines : lines.toSpliced(index, 1);
  if (index !== -1) return lines.with(index, placed.line);
  const names = new Set(lines.map(nameOf));
  const neighbour = placed.after.find((other) => names.has(other));
  const before = lines.findLastIndex((line) => nameOf(line) === neighbour);
  return lines.toSpliced(before + 1, 0, placed.line);
}
