import type { JsonObject } from "op-core";
import { z } from "zod";

const Json = z.record(z.string(), z.json());

/** Writes a schema as JSON Schema, as plain data. */
export function jsonSchemaOf(schema: z.ZodType): JsonObject {
  return Json.parse(JSON.parse(JSON.stringify(z.toJSONSchema(schema))));
}
