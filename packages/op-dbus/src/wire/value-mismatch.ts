import { InvalidValueError } from "../dbus-error.ts";

const longestText = 60;

/** Makes the error for a value that is not what is needed. Whoever knows where it is says so with `insideOf`. */
export function mismatch(expected: string, value: unknown): InvalidValueError {
  const found = describeValue(value);
  return new InvalidValueError({ argument: "", signature: "", at: "", expected, found });
}

/** Adds to an error about a value that the value is in a container, under this key; other errors stay as they are. */
export function insideOf(error: unknown, key: unknown): unknown {
  if (!(error instanceof InvalidValueError)) return error;
  const text = typeof key === "string" ? JSON.stringify(key) : String(key);
  return new InvalidValueError({ ...error.problem, at: `[${text}]${error.problem.at}` });
}

/** Adds to an error about a value which argument it is in; other errors stay as they are. */
export function ofArgument(error: unknown, argument: string, signature: string): unknown {
  if (!(error instanceof InvalidValueError)) return error;
  return new InvalidValueError({ ...error.problem, argument, signature });
}

/** Puts a value into a few words. */
export function describeValue(value: unknown): string {
  if (typeof value === "string") {
    return `the string ${JSON.stringify(value.length > longestText ? `${value.slice(0, longestText)}…` : value)}`;
  }
  if (typeof value === "number") return `the number ${value}`;
  if (typeof value === "bigint") return `the bigint ${value}`;
  if (typeof value === "boolean" || value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === "object") return `an object of class ${nameOfClass(value)}`;
  return `a ${typeof value}`;
}

function nameOfClass(value: object): string {
  const { constructor } = value;
  return typeof constructor === "function" ? constructor.name : "none";
}
