import type { JsonObject, Logger } from "op-core";
import type { Ask, ProgressUpdate, Risk, ToolDescriptor, ToolResult } from "op-tools";
import type { Environment } from "../config/environment.ts";
import type { LoadedConfig } from "../config/load-config.ts";

/** Which tools someone looks for. Every part narrows. */
export interface ToolQuery {
  /** Plain language, or a part of a name; ranked when present. */
  readonly text?: string;
  readonly source?: string;
  readonly category?: string;
  readonly risk?: Risk;
}

/** What a call from the command line takes. */
export interface CliCallOptions {
  readonly signal: AbortSignal;
  readonly ask: Ask;
  /** Is told how far the call is. */
  readonly onProgress?: (update: ProgressUpdate) => void;
}

/** One thing that was looked at, and how it is. */
export interface DoctorCheck {
  readonly name: string;
  readonly status: "ok" | "warn" | "fail";
  /** What was found, in a line. */
  readonly detail: string;
  /** What to do about it. */
  readonly advice?: string;
}

/** The running system, as far as the command line needs it. */
export interface CliSystem extends AsyncDisposable {
  /** Every tool that fits, best first where there is a text, otherwise by name. */
  findTools(query: ToolQuery, options: { signal: AbortSignal }): Promise<readonly ToolDescriptor[]>;
  /** Calls through all middleware. Rejects with `ERR_TOOL_NOT_FOUND` and near names for an unknown tool. */
  call(name: string, args: JsonObject, options: CliCallOptions): Promise<ToolResult>;
  /** How the manifest, the sources and whatever else runs are doing. */
  checks(options: { signal: AbortSignal }): AsyncIterable<DoctorCheck>;
}

/** What opening the system takes. */
export interface OpenCliSystemOptions {
  readonly loaded: LoadedConfig;
  readonly env: Environment;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** Opens the system for one command. */
export type OpenCliSystem = (options: OpenCliSystemOptions) => Promise<CliSystem>;
