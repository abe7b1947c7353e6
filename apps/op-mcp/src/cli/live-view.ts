import type { CliOutput } from "./cli-io.ts";

/** A text that is kept up on a terminal. Disposing gives the terminal back as it was, with the last text on it. */
export interface LiveView extends Disposable {
  /** Shows the text as it is now, for the size that the terminal has now. */
  show(): void;
}

/** A screen of its own, without a cursor, on which long lines end at the edge. */
const enter = "\u001B[?1049h\u001B[?25l\u001B[?7l";
const leave = "\u001B[?7h\u001B[?25h\u001B[?1049l";
const home = "\u001B[H";
const clearLine = "\u001B[K";
const clearBelow = "\u001B[J";

/** Opens a view on a terminal; `draw` writes the whole text each time. */
export function openLiveView(terminal: CliOutput, draw: (output: CliOutput) => void): LiveView {
  let last = "";
  terminal.write(enter);
  return {
    show: () => {
      last = textOf(terminal, draw);
      const lines = fit(last.trimEnd().split("\n"), terminal.rows || 24);
      // At once, so that nobody sees half of it.
      terminal.write(`${home}${lines.map((line) => line + clearLine).join("\n")}${clearBelow}`);
    },
    [Symbol.dispose]: () => void terminal.write(`${leave}${last}`),
  };
}

function textOf(terminal: CliOutput, draw: (output: CliOutput) => void): string {
  let text = "";
  const { isTTY, columns } = terminal;
  draw({ isTTY, columns, write: (part) => (text += part) });
  return text;
}

/** What is too much for the height is counted, because scrolling would lose the head. */
function fit(lines: readonly string[], rows: number): readonly string[] {
  if (lines.length <= rows) return lines;
  const kept = lines.slice(0, Math.max(1, rows - 1));
  return [...kept, `… ${lines.length - kept.length} more`];
}
