import { InvalidNameError } from "../dbus-error.ts";

declare const brand: unique symbol;

/** A string that is known to be an object path, such as `/org/freedesktop/systemd1`. */
export type ObjectPath = string & { readonly [brand]: "ObjectPath" };

const pattern = /^\/(?:[A-Za-z0-9_]+(?:\/[A-Za-z0-9_]+)*)?$/;

/** Whether a string is an object path. */
export function isObjectPath(value: string): value is ObjectPath {
  return pattern.test(value);
}

/** Reads an object path; throws `ERR_DBUS_NAME`. */
export function parseObjectPath(value: string): ObjectPath {
  if (isObjectPath(value)) return value;
  const rule = "A path is / or begins with it, and its parts are letters, digits and underscores.";
  throw new InvalidNameError("an object path", value, rule);
}

/** The path of a child; throws `ERR_DBUS_NAME` when the child's name is not one. */
export function childPath(parent: ObjectPath, name: string): ObjectPath {
  return parseObjectPath(parent === "/" ? `/${name}` : `${parent}/${name}`);
}

/** Whether a path is the other one or lies below it. */
export function isWithin(path: string, ancestor: string): boolean {
  return path === ancestor || ancestor === "/" || path.startsWith(`${ancestor}/`);
}
