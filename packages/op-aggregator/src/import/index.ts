/** Reads the files in which MCP clients keep their servers, and writes them. */
export type {
  ClientFormat,
  ImportedUpstream,
  ImportResult,
  SkippedEntry,
} from "./client-config.ts";
export { exportUpstreams } from "./export-config.ts";
export { importUpstreams } from "./import-config.ts";
