import { DeadlineExceededError, formatError, isErrorOf, isOpError } from "op-core";
import {
  UpstreamClosedError,
  UpstreamHttpError,
  UpstreamMessageError,
  UpstreamUnreachableError,
} from "op-protocol/client";

const serverFaults = [
  UpstreamClosedError,
  UpstreamHttpError,
  UpstreamMessageError,
  UpstreamUnreachableError,
  DeadlineExceededError,
];

/** Whether an error speaks against the server, and not against what it was asked. */
export function isServerFault(error: unknown): boolean {
  return serverFaults.some((type) => isErrorOf(error, type));
}

/** What went wrong, in words for a status. */
export function wordingOf(error: unknown): string {
  return isOpError(error) ? error.message : formatError(error);
}
