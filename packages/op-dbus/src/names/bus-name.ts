import { InvalidNameError } from "../dbus-error.ts";

declare const brand: unique symbol;

/** The name the bus gave to one connection, such as `:1.42`; it is never used again. */
export type UniqueName = string & { readonly [brand]: "UniqueName" };

/** A name that a connection asked for, such as `org.freedesktop.systemd1`; its owner may change. */
export type WellKnownName = string & { readonly [brand]: "WellKnownName" };

/** A name that messages can be sent to. */
export type BusName = UniqueName | WellKnownName;

const uniquePattern = /^:[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+$/;
const wellKnownPattern = /^[A-Za-z_-][A-Za-z0-9_-]*(?:\.[A-Za-z_-][A-Za-z0-9_-]*)+$/;
const longest = 255;

/** Whether a string is a unique name. */
export function isUniqueName(value: string): value is UniqueName {
  return value.length <= longest && uniquePattern.test(value);
}

/** Whether a string is a well-known name. */
export function isWellKnownName(value: string): value is WellKnownName {
  return value.length <= longest && wellKnownPattern.test(value);
}

/** Whether a string is a unique or a well-known name. */
export function isBusName(value: string): value is BusName {
  return value.startsWith(":") ? isUniqueName(value) : isWellKnownName(value);
}

/** Reads a unique or a well-known name; throws `ERR_DBUS_NAME`. */
export function parseBusName(value: string): BusName {
  if (isBusName(value)) return value;
  throw new InvalidNameError("a bus name", value, rule);
}

/** Reads a unique name; throws `ERR_DBUS_NAME`. */
export function parseUniqueName(value: string): UniqueName {
  if (isUniqueName(value)) return value;
  throw new InvalidNameError("a unique bus name", value, "A unique name looks like :1.42.");
}

/** Reads a well-known name; throws `ERR_DBUS_NAME`. */
export function parseWellKnownName(value: string): WellKnownName {
  if (isWellKnownName(value)) return value;
  throw new InvalidNameError("a well-known bus name", value, rule);
}

const rule = "A bus name looks like org.example.Service or :1.42 and has at most 255 characters.";
