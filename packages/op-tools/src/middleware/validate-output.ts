import { createJsonSchemaValidator } from "../schema/json-schema-validator.ts";
import { defaultPriority } from "./default-priority.ts";
import { ToolOutputInvalidError } from "./middleware-error.ts";
import type { Middleware } from "./middleware.ts";
import { orQuarantine } from "./quarantine.ts";
import type { ValidateOptions } from "./validate-input.ts";

/**
 * Rejects an answer that does not fit the tool's own output schema with `ERR_TOOL_OUTPUT_INVALID`. An error result owes
 * the schema nothing. A schema of no use rejects with `ERR_TOOL_QUARANTINED` before the tool runs.
 */
export function validateOutput(options: ValidateOptions = {}): Middleware {
  const { validator = createJsonSchemaValidator(), priority = defaultPriority.validateOutput } =
    options;
  return {
    name: "validate-output",
    priority,
    appliesTo: (tool) => tool.outputSchema !== undefined,
    around: async (call, next) => {
      const { tool } = call;
      const { outputSchema } = tool;
      if (outputSchema === undefined) return await next(call);
      await orQuarantine(tool, validator.inspect(outputSchema));
      const result = await next(call);
      if (result.isError === true) return result;
      const data = result.structuredContent;
      const violations =
        data === undefined
          ? [{ path: "(root)", message: "structuredContent is required and missing." }]
          : await orQuarantine(tool, validator.check(outputSchema, data));
      if (violations.length > 0) throw new ToolOutputInvalidError(tool, violations);
      return result;
    },
  };
}
