import type { JsonObject } from "op-core";
import type { WireError } from "../ipc/message.ts";

/** What an operation that could not be done says of it; throw it inside an operation. */
export interface OperationFailure {
  readonly code: string;
  readonly message: string;
  readonly advice?: string;
  readonly retryable?: boolean;
  readonly data?: JsonObject;
}

/** Marks failures, so that an error which merely has a code is not taken for one. */
const failures = new WeakMap<Error, OperationFailure>();

/** Makes the error for an operation that could not be done, to be thrown inside it. */
export function operationFailure(failure: OperationFailure): Error {
  const error = new Error(failure.message);
  failures.set(error, failure);
  return error;
}

/** What the host is told of something that was thrown. Only the message of foreign errors leaves, never a stack. */
export function toWireError(thrown: unknown): WireError {
  const failure = thrown instanceof Error ? failures.get(thrown) : undefined;
  if (failure !== undefined) return failure;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: "ERR_OPERATION", message };
}
