import { InvalidNameError } from "../dbus-error.ts";

declare const brand: unique symbol;

/** A string that is known to be an interface's name, such as `org.freedesktop.DBus.Peer`. */
export type InterfaceName = string & { readonly [brand]: "InterfaceName" };

const pattern = /^[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)+$/;

/** Whether a string is an interface's name. Names of errors follow the same rule. */
export function isInterfaceName(value: string): value is InterfaceName {
  return value.length <= 255 && pattern.test(value);
}

/** Reads an interface's name; throws `ERR_DBUS_NAME`. */
export function parseInterfaceName(value: string): InterfaceName {
  if (isInterfaceName(value)) return value;
  const rule = "An interface looks like org.example.Thing and has at most 255 characters.";
  throw new InvalidNameError("an interface name", value, rule);
}
