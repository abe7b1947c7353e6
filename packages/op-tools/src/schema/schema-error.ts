import { OpError } from "op-core";
import type { SchemaViolation } from "./describe-violations.ts";

/** A JSON Schema that nothing can be checked against. */
export class SchemaRefusedError extends OpError {
  static readonly code = "ERR_SCHEMA_REFUSED";
  static readonly meaning =
    "A JSON Schema is broken, too large, refers to something remote, or could take forever to check.";
  readonly code = SchemaRefusedError.code;

  constructor(reason: string, options: { readonly cause?: unknown } = {}) {
    super(`The schema cannot be used: ${reason}`, {
      advice: "Only whoever wrote the schema can repair it.",
      ...options,
    });
  }
}

/** Arguments that do not fit a tool's input schema. It is answered as a result, so that a model can correct itself. */
export class ToolInputInvalidError extends OpError {
  static readonly code = "ERR_TOOL_INPUT_INVALID";
  static readonly meaning =
    "The arguments of a call do not fit the tool's input schema; the tool did not run.";
  readonly code = ToolInputInvalidError.code;

  constructor(tool: string, violations: readonly SchemaViolation[]) {
    const lines = violations.map(({ path, message }) => `- ${path}: ${message}`);
    super(`The arguments of ${JSON.stringify(tool)} do not fit its schema.\n${lines.join("\n")}`, {
      advice: "Correct the arguments and call again.",
      data: { tool, violations: violations.map(({ path, message }) => ({ path, message })) },
    });
  }
}
