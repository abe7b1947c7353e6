import { createContext, Script } from "node:vm";
import { malformed } from "../../operation/field.ts";

/** What is looked for in lines. */
export interface TextQuery {
  readonly text: string;
  readonly isPattern: boolean;
  readonly isCaseIgnored: boolean;
}

/** The indexes of the lines that have it. */
export type LineMatcher = (lines: readonly string[]) => readonly number[];

/** How long a pattern may work on a piece of a file; one that takes longer would go on for ever. */
const pieceMs = 2000;

/** Makes a matcher that gives up a pattern which never ends. */
export function createLineMatcher({ text, isPattern, isCaseIgnored }: TextQuery): LineMatcher {
  const flags = isCaseIgnored ? "iu" : "u";
  const pattern = compile(isPattern ? text : RegExp.escape(text), flags);
  const found: number[] = [];
  const task: { lines: readonly string[]; readonly pattern: RegExp; readonly found: number[] } = {
    lines: [],
    pattern,
    found,
  };
  const context = createContext(task);
  const script = new Script(
    "lines.forEach((line, at) => { if (pattern.test(line)) found.push(at); })",
  );
  return (lines) => {
    found.length = 0;
    task.lines = lines;
    try {
      script.runInContext(context, { timeout: pieceMs });
    } catch (error) {
      throw malformed(
        `the pattern takes too long (${error instanceof Error ? error.message : "it failed"})`,
        "Repeat less inside of repetitions.",
      );
    }
    return [...found];
  };
}

function compile(source: string, flags: string): RegExp {
  try {
    return new RegExp(source, flags);
  } catch {
    // Some write escapes that are none.
    return compileLoosely(source, flags.replace("u", ""));
  }
}

function compileLoosely(source: string, flags: string): RegExp {
  try {
    return new RegExp(source, flags);
  } catch (error) {
    const why = error instanceof Error ? error.message : "it can't be read";
    throw malformed(`the pattern is none: ${why}`);
  }
}
