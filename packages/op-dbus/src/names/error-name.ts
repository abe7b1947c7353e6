import { InvalidNameError } from "../dbus-error.ts";
import { isInterfaceName } from "./interface-name.ts";

declare const brand: unique symbol;

/** A string that is known to be an error's name, such as `org.freedesktop.DBus.Error.Failed`. */
export type ErrorName = string & { readonly [brand]: "ErrorName" };

/** Whether a string is an error's name: errors are named as interfaces are. */
export function isErrorName(value: string): value is ErrorName {
  return isInterfaceName(value);
}

/** Reads an error's name; throws `ERR_DBUS_NAME`. */
export function parseErrorName(value: string): ErrorName {
  if (isErrorName(value)) return value;
  const rule =
    "An error's name looks like org.example.Error.Failed and has at most 255 characters.";
  throw new InvalidNameError("an error name", value, rule);
}
