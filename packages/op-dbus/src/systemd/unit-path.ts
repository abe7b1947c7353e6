import { parseObjectPath, type ObjectPath } from "../names/object-path.ts";

const prefix = "/org/freedesktop/systemd1/unit/";

/** The path of a unit's object: `nginx.service` is at `…/unit/nginx_2eservice`. */
export function toUnitPath(unit: string): ObjectPath {
  const bytes = [...Buffer.from(unit)];
  const escaped = bytes.map((byte, index) => escapeByte(byte, index === 0)).join("");
  return parseObjectPath(`${prefix}${escaped === "" ? "_" : escaped}`);
}

/** The name of the unit whose object is at a path; undefined when it is no unit's. */
export function fromUnitPath(path: string): string | undefined {
  if (!path.startsWith(prefix)) return undefined;
  const escaped = path.slice(prefix.length);
  if (!/^[A-Za-z0-9_]+$/.test(escaped)) return undefined;
  if (escaped === "_") return "";
  const text = escaped.replaceAll(/_([0-9a-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(text, "latin1").toString();
}

/** A digit is escaped where it comes first, because systemd does so. */
function escapeByte(byte: number, isFirst: boolean): string {
  const character = String.fromCharCode(byte);
  const isPlain = isFirst ? /[A-Za-z]/.test(character) : /[A-Za-z0-9]/.test(character);
  return isPlain ? character : `_${byte.toString(16).padStart(2, "0")}`;
}
