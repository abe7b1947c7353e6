import { UnexpectedTypeError } from "../dbus-error.ts";
import type { SignatureValue, SignatureValues } from "../signature/signature-value.ts";
import type { Variant, DBusValue } from "../wire/value.ts";

/** Values and the signature they were read by. */
export interface TypedBody {
  readonly signature: string;
  readonly body: readonly DBusValue[];
}

/** The body of a message that has to be of a signature; throws `ERR_DBUS_UNEXPECTED_TYPE` when it is of another. */
export function bodyOf<S extends string>(
  message: TypedBody,
  signature: S,
  what: string,
): SignatureValues<S> {
  const { body } = message;
  if (isBodyOf(body, message, signature)) return body;
  throw new UnexpectedTypeError(what, signature, message.signature);
}

/** The value in a variant that has to be of a type; throws `ERR_DBUS_UNEXPECTED_TYPE` when it is of another. */
export function valueOf<S extends string>(
  variant: Variant,
  signature: S,
  what: string,
): SignatureValue<S> {
  const { value } = variant;
  if (isValueOf(value, variant, signature)) return value;
  throw new UnexpectedTypeError(what, signature, variant.signature);
}

/** Whether a body is of a signature. Values are read by the signature they came with, so comparing those is enough. */
export function isBodyOf<S extends string>(
  body: unknown,
  message: TypedBody,
  wanted: S,
): body is SignatureValues<S> {
  return body === message.body && message.signature === wanted;
}

function isValueOf<S extends string>(
  value: unknown,
  variant: Variant,
  wanted: S,
): value is SignatureValue<S> {
  return value === variant.value && variant.signature === wanted;
}
