import type { JsonObject } from "./json.ts";

const brand: unique symbol = Symbol.for("op-core/OpError");

/** What an {@link OpError} may carry besides its message. */
export interface OpErrorOptions {
  /** What the reader can do about it, as one or two sentences. */
  readonly advice?: string;
  /** JSON-safe details, never a secret. */
  readonly data?: JsonObject;
  /** Whether the same attempt may succeed later without any change. */
  readonly retryable?: boolean;
  /** The foreign error that was wrapped. */
  readonly cause?: unknown;
}

/**
 * The base of every expected error. The message says what was attempted and on what, `advice` what to do.
 *
 * A subclass declares `static readonly code`, a literal that is unique in the whole product, `static readonly meaning`,
 * the sentence that documents it, and repeats the code on the instance so that a `switch` narrows.
 */
export abstract class OpError extends Error {
  abstract readonly code: string;
  readonly advice: string | undefined;
  readonly data: JsonObject;
  readonly retryable: boolean;

  constructor(message: string, options: OpErrorOptions = {}) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.name = new.target.name;
    this.advice = options.advice;
    this.data = options.data ?? {};
    this.retryable = options.retryable ?? false;
    Object.defineProperty(this, brand, { value: true });
  }
}

/** Whether a value is an {@link OpError}, also one that another copy of this package made. */
export function isOpError(value: unknown): value is OpError {
  return value instanceof Error && brand in value;
}

/** Whether a value is an error of this class, also one that another copy of its package made. */
export function isErrorOf(value: unknown, type: { readonly code: string }): value is OpError {
  return isOpError(value) && value.code === type.code;
}
