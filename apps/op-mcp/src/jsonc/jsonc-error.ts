import { OpError } from "op-core";

/** A text that is not JSON. */
export class JsonSyntaxError extends OpError {
  static readonly code = "ERR_JSON_SYNTAX";
  static readonly meaning = "A text that should be JSON is not; the message says where it breaks.";
  readonly code = JsonSyntaxError.code;
  readonly offset: number;
  readonly line: number;
  readonly column: number;

  constructor(problem: string, text: string, offset: number) {
    const { line, column } = positionAt(text, offset);
    super(`${problem} at line ${line}, column ${column}.`, { data: { line, column } });
    this.offset = offset;
    this.line = line;
    this.column = column;
  }
}

/** Line and column, from 1, of an offset. */
export function positionAt(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf("\n") + 1;
  return { line: before.split("\n").length, column: offset - lineStart + 1 };
}
