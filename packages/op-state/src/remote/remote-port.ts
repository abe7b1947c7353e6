import type { JsonObject, JsonValue } from "op-core";

/** What every plugin elsewhere does. */
export const requiredOperations = [
  "describe",
  "query",
  "diff",
  "apply",
  "checkpoint",
  "rollback",
] as const;

/** What it does where it says so. */
export const optionalOperations = ["check", "verify", "show", "watch"] as const;

/** What a plugin elsewhere is asked to do where it says that it does. */
export type OptionalOperation = (typeof optionalOperations)[number];

/** What a plugin elsewhere is asked to do. */
export type RemoteOperation = (typeof requiredOperations)[number] | OptionalOperation;

/** What asking takes. */
export interface RemoteCallOptions {
  readonly signal: AbortSignal;
  /** Is told what the plugin reports before it answers. */
  readonly onProgress?: (data: JsonValue) => void;
}

/** The way to a plugin that is another program. */
export interface RemotePluginPort {
  /** Where it is, for errors: a command, the name of a service. */
  readonly place: string;
  call(
    operation: RemoteOperation,
    input: JsonObject,
    options: RemoteCallOptions,
  ): Promise<JsonValue>;
}
