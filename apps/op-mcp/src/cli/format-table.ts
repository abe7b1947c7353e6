import { escapeControls } from "../text/escape-controls.ts";
import type { Look } from "./screen.ts";

/** A cell: text from anywhere, and how it looks. */
export interface Cell {
  readonly text: string;
  readonly look?: Look;
}

/** How a table is laid out. */
export interface TableOptions {
  /** The last column is cut so that rows fit; undefined cuts nothing. */
  readonly width: number | undefined;
  readonly paint: (text: string, look: Look | undefined) => string;
}

const gap = 2;

/** Lays rows out in columns, one line each. */
export function formatTable(
  rows: readonly (readonly Cell[])[],
  { width, paint }: TableOptions,
): readonly string[] {
  const safe = rows.map((row) => row.map((cell) => ({ ...cell, text: escapeControls(cell.text) })));
  const widths = columnWidths(safe, width);
  return safe.map((row) =>
    row
      .map(({ text, look }, index) => {
        const isLast = index === row.length - 1;
        const room = widths[index] ?? 0;
        const cut = cutTo(text, room);
        const padding = isLast ? "" : " ".repeat(room - lengthOf(cut) + gap);
        return paint(cut, look) + padding;
      })
      .join(""),
  );
}

function columnWidths(rows: readonly (readonly Cell[])[], width: number | undefined): number[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, { text }] of row.entries()) {
      widths[index] = Math.max(widths[index] ?? 0, lengthOf(text));
    }
  }
  if (width === undefined) return widths;
  const last = widths.length - 1;
  const before = widths.slice(0, last).reduce((sum, each) => sum + each + gap, 0);
  widths[last] = Math.min(widths[last] ?? 0, Math.max(10, width - before));
  return widths;
}

function cutTo(text: string, room: number): string {
  const characters = Array.from(text);
  return characters.length <= room ? text : `${characters.slice(0, room - 1).join("")}…`;
}

function lengthOf(text: string): number {
  return Array.from(text).length;
}
