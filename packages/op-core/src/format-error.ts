import { isOpError } from "./op-error.ts";

/** Puts whatever was thrown into words for a person: the message and, where there is one, the advice; never a stack. */
export function formatError(error: unknown): string {
  if (isOpError(error)) {
    return error.advice === undefined ? error.message : `${error.message} ${error.advice}`;
  }
  if (error instanceof Error) return messageOf(error);
  if (typeof error === "object" && error !== null)
    return "Something that is not an error was thrown.";
  return String(error);
}

function messageOf(error: Error): string {
  if (error.message !== "") return error.message;
  // Node reports a failed connection to several addresses as an aggregate without a message of its own.
  if (error instanceof AggregateError) return error.errors.map(formatError).join("; ");
  return error.name;
}
