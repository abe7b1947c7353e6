import type { JsonObject, JsonValue } from "op-core";

/** The version of the protocol that this package speaks. */
export const protocolVersion = 1;

/** What a host says to an agent. */
export type HostMessage =
  /** The first message. `protocols` are the versions that the host speaks. */
  | {
      readonly type: "hello";
      readonly protocols: readonly number[];
      readonly agent: string;
      readonly messageBytes: number;
    }
  | {
      readonly type: "request";
      readonly id: number;
      readonly operation: string;
      readonly input: JsonValue;
    }
  /** The request is still answered, soon. */
  | { readonly type: "cancel"; readonly id: number }
  | { readonly type: "ping"; readonly id: number };

/** Why a request was not fulfilled. */
export interface WireError {
  readonly code: string;
  readonly message: string;
  readonly advice?: string;
  readonly retryable?: boolean;
  readonly data?: JsonObject;
}

/** How urgent a log line of an agent is. */
export type WireLogLevel = "debug" | "info" | "warn" | "error";

/** What an agent says to its host. */
export type AgentMessage =
  /** The answer to `hello`: the version that both speak from now on, and what the agent does. */
  | { readonly type: "ready"; readonly protocol: number; readonly operations: readonly string[] }
  | { readonly type: "progress"; readonly id: number; readonly data: JsonValue }
  | { readonly type: "result"; readonly id: number; readonly output: JsonValue }
  | { readonly type: "error"; readonly id: number; readonly error: WireError }
  | { readonly type: "pong"; readonly id: number }
  | {
      readonly type: "log";
      readonly level: WireLogLevel;
      readonly message: string;
      readonly fields?: JsonObject;
    };
