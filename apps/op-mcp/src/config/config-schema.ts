import { configJsonSchema } from "./config-json-schema.ts";

/** The JSON Schema of a configuration file, for editors: the content of `docs/config.schema.json`. */
export function renderConfigSchema(): string {
  const { $schema, ...schema } = configJsonSchema;
  const titled = { $schema: $schema ?? null, title: "The configuration of op-mcp", ...schema };
  return `${JSON.stringify(titled, undefined, 2)}\n`;
}
