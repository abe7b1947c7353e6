import type { JsonObject } from "op-core";
import * as z from "zod";
import { OpMcpConfig } from "./op-mcp-config.ts";

/**
 * What a configuration file may contain, as JSON Schema. The bundle holds it as plain data, see `bundle.ts`, so that
 * reading a configuration without a mistake in it loads no zod.
 */
export const configJsonSchema: JsonObject = JSON.parse(
  JSON.stringify(z.toJSONSchema(OpMcpConfig, { io: "input" })),
);
