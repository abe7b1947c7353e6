import { OpError } from "op-core";

/** A definition of a tool whose schema clients could not be told. */
export class ToolSchemaError extends OpError {
  static readonly code = "ERR_TOOL_SCHEMA";
  static readonly meaning = "A tool is defined by a schema that JSON Schema cannot express.";
  readonly code = ToolSchemaError.code;

  constructor(tool: string, io: "input" | "output", cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`The ${io} of the tool ${JSON.stringify(tool)} has no JSON Schema: ${reason}`, {
      advice: "Use types that JSON can carry: no transforms, dates, bigints, maps or sets.",
      data: { tool, io },
      cause,
    });
  }
}
