import { OpError } from "op-core";

/** A result that was kept back. */
export class HiddenInstructionsError extends OpError {
  static readonly code = "ERR_HIDDEN_INSTRUCTIONS";
  static readonly meaning =
    "The tool ran, and its result was kept back because instructions seem to be hidden in it.";
  readonly code = HiddenInstructionsError.code;

  constructor(tool: string, signs: readonly string[]) {
    super(`The result of ${JSON.stringify(tool)} was kept back: it has ${signs.join(" and ")}.`, {
      advice:
        "Tell the person. They can read it elsewhere, or set guards.hiddenInstructions to flag.",
      data: { tool, signs },
    });
  }
}

/** A tool that is another than when it was first called. */
export class ToolChangedError extends OpError {
  static readonly code = "ERR_TOOL_CHANGED";
  static readonly meaning =
    "The tool's description or schema is another than when it was approved, so it is not called until somebody approves it again.";
  readonly code = ToolChangedError.code;

  constructor(tool: string, source: string) {
    super(
      `The tool ${JSON.stringify(tool)} of ${JSON.stringify(source)} has changed since it was approved.`,
      {
        advice: `Ask the person to look at it with \`op-mcp pins show ${tool}\` and, if all is well, to run \`op-mcp pins approve ${tool}\`.`,
        data: { tool, source },
      },
    );
  }
}

/** A file of approved tools that cannot be used. */
export class PinsUnreadableError extends OpError {
  static readonly code = "ERR_TOOL_PINS";
  static readonly meaning = "The file of approved tools cannot be read or written.";
  readonly code = PinsUnreadableError.code;

  constructor(path: string, cause: unknown) {
    super(`The approved tools in ${path} cannot be used.`, {
      advice: "Repair the file, or remove it: every tool then counts as new.",
      data: { path },
      cause,
    });
  }
}
