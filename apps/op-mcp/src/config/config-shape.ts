import type { JsonObject } from "op-core";
import * as z from "zod";
import { OpMcpConfig } from "./op-mcp-config.ts";

/**
 * What a configuration may contain, without the words for people: what every start reads. The bundle holds it as plain
 * data, see `bundle.ts`, so that reading a configuration without a mistake in it loads no zod.
 */
export const configShape: JsonObject = JSON.parse(
  JSON.stringify(
    z.toJSONSchema(OpMcpConfig, {
      io: "input",
      override: ({ jsonSchema }) => delete jsonSchema.description,
    }),
  ),
);
