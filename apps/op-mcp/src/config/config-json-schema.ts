import type { JsonObject } from "op-core";
import * as z from "zod";
import { OpMcpConfig } from "./op-mcp-config.ts";

/** What a configuration file may contain, as JSON Schema, for people and their editors; plain data in the bundle. */
export const configJsonSchema: JsonObject = JSON.parse(
  JSON.stringify(z.toJSONSchema(OpMcpConfig, { io: "input" })),
);
