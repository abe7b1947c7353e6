import type { JsonObject } from "op-core";
import * as z from "zod";
import { OpMcpConfig } from "./op-mcp-config.ts";

/** Whether a schema checks more than JSON Schema can say. */
function isRefined({ _zod: { def } }: z.core.$ZodType): boolean {
  return def.checks?.some(({ _zod: check }) => check.def.check === "custom") === true;
}

/**
 * What a configuration may contain, without the words for people: what every start reads. The bundle holds it as plain
 * data, see `bundle.ts`, so that reading a configuration without a mistake in it loads no zod. What is `refined` only zod can
 * check.
 */
export const configShape: JsonObject = JSON.parse(
  JSON.stringify(
    z.toJSONSchema(OpMcpConfig, {
      io: "input",
      override: ({ zodSchema, jsonSchema }) => {
        delete jsonSchema.description;
        if (isRefined(zodSchema)) jsonSchema["refined"] = true;
      },
    }),
  ),
);
