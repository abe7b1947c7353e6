import { escapeControls, escapeControlsInBlock } from "../text/escape-controls.ts";
import type { CliIo, CliOutput } from "./cli-io.ts";
import { type Cell, formatTable } from "./format-table.ts";

/** The looks text can have on a terminal. */
export type Look = "bold" | "dim" | "red" | "green" | "yellow" | "cyan";

const codes: Readonly<Record<Look, readonly [number, number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
};

/**
 * Prints for people. Text from outside must go through `text` or `block`, which show control characters as escapes;
 * looks are used only on a terminal that wants them.
 */
export class Screen {
  readonly hasColour: boolean;
  /** Undefined where the output is not a terminal: then nothing is cut. */
  readonly width: number | undefined;
  readonly #output: CliOutput;

  constructor(output: CliOutput, options: { hasColour: boolean }) {
    this.#output = output;
    this.hasColour = options.hasColour && output.isTTY === true;
    // A pseudo-terminal that nobody gave a size says 0.
    this.width = output.isTTY === true ? Math.max(40, output.columns || 80) : undefined;
  }

  /** Writes a line that is made of safe text. */
  line(text = ""): void {
    this.#output.write(`${text}\n`);
  }

  json(value: unknown): void {
    this.line(JSON.stringify(value, undefined, 2));
  }

  table(header: readonly string[], rows: readonly (readonly Cell[])[]): void {
    const head = header.map((text): Cell => ({ text, look: "bold" }));
    const paint = this.paint.bind(this);
    for (const line of formatTable([head, ...rows], { width: this.width, paint })) this.line(line);
  }

  paint(text: string, look: Look | undefined): string {
    if (look === undefined || !this.hasColour) return text;
    const [on, off] = codes[look];
    return `\u001B[${on}m${text}\u001B[${off}m`;
  }

  /** Foreign text on one line. */
  text(value: string): string {
    return escapeControls(value);
  }

  /** Foreign text of several lines. */
  block(value: string): string {
    return escapeControlsInBlock(value);
  }
}

/** Whether the user wants colours at all: `--no-color` and `NO_COLOR` say no. */
export function wantsColour(io: CliIo, isForbidden: boolean): boolean {
  return !isForbidden && (io.env["NO_COLOR"] ?? "") === "" && io.env["TERM"] !== "dumb";
}
