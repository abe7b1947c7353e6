import { InvalidNameError } from "../dbus-error.ts";

declare const brand: unique symbol;

/** A string that is known to be the name of a method, property or signal. */
export type MemberName = string & { readonly [brand]: "MemberName" };

const pattern = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Whether a string is the name of a method, property or signal. */
export function isMemberName(value: string): value is MemberName {
  return value.length <= 255 && pattern.test(value);
}

/** Reads the name of a method, property or signal; throws `ERR_DBUS_NAME`. */
export function parseMemberName(value: string): MemberName {
  if (isMemberName(value)) return value;
  const rule =
    "A member has letters, digits and underscores, does not begin with a digit, and has at most 255 characters.";
  throw new InvalidNameError("a member name", value, rule);
}
