import { OpMcpConfig } from "./op-mcp-config.ts";

/**
 * The configuration where nothing is configured. The bundle holds it as plain data, see `bundle.ts`, so that such a start
 * loads no schema.
 */
export const defaultConfig: OpMcpConfig = OpMcpConfig.parse({});
