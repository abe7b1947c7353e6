import {
  createJsonSchemaValidator,
  type JsonSchemaValidator,
} from "../schema/json-schema-validator.ts";
import { inputErrorResult } from "../schema/input-error-result.ts";
import { defaultPriority, type MiddlewareOptions } from "./default-priority.ts";
import type { Middleware } from "./middleware.ts";
import { orQuarantine } from "./quarantine.ts";

/** What validating input or output takes. */
export interface ValidateOptions extends MiddlewareOptions {
  /** Shared between the two, so that each schema is known once. */
  readonly validator?: JsonSchemaValidator;
}

/**
 * Answers wrong arguments before the tool sees them, with an error result that names each of them and shows the schema.
 * A tool whose input schema is of no use rejects with `ERR_TOOL_QUARANTINED`.
 */
export function validateInput(options: ValidateOptions = {}): Middleware {
  const { validator = createJsonSchemaValidator(), priority = defaultPriority.validateInput } =
    options;
  return {
    name: "validate-input",
    priority,
    before: async ({ tool, args }) => {
      const violations = await orQuarantine(tool, validator.check(tool.inputSchema, args));
      return violations.length === 0 ? undefined : inputErrorResult(tool, violations);
    },
  };
}
