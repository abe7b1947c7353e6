import type { PartialOperation } from "./bus-operation.ts";
import { textsIn } from "./argument-texts.ts";

const unitFolder = "/org/freedesktop/systemd1/unit/";
const unitName =
  /^[A-Za-z0-9:_.\\@-]+\.(?:service|socket|target|device|mount|automount|swap|timer|path|slice|scope)$/;

/** The arguments of systemd's methods that name units. */
const unitArguments = ["name", "unit_name", "old_unit", "new_unit", "files", "arg0"];

/** The units that an operation is about. */
export interface NamedUnits {
  readonly names: readonly string[];
  /** Whether it is about a unit whose name it does not tell. */
  readonly isHidden: boolean;
}

/** Whether an interface belongs to systemd. */
export function isSystemdInterface(name: string | undefined): name is string {
  return name !== undefined && name.startsWith("org.freedesktop.systemd1.");
}

/** Whether objects of units have this interface; then the path says which unit is meant. */
function isUnitInterface(name: string): boolean {
  return isSystemdInterface(name) && !/\.(?:Manager|Job)$/.test(name);
}

/** The units that an operation names, in its path or in its arguments. */
export function unitsOf(operation: PartialOperation): NamedUnits {
  if (!isSystemdInterface(operation.interface)) return { names: [], isHidden: false };
  if (isUnitInterface(operation.interface)) return unitsOfPath(operation.path);
  const { args = {} } = operation;
  const named = unitArguments.filter((key) => Object.hasOwn(args, key));
  return { names: named.flatMap((key) => textsIn(args[key] ?? null)), isHidden: false };
}

function unitsOfPath(path: string | undefined): NamedUnits {
  if (path === undefined) return { names: [], isHidden: false };
  const name = unitOfPath(path);
  return name === undefined ? { names: [], isHidden: true } : { names: [name], isHidden: false };
}

/**
 * The unit that systemd takes a path for, however it is spelled; undefined for paths that say it in no way one can
 * read, such as `…/unit/self` or the identifier of an invocation.
 */
export function unitOfPath(path: string): string | undefined {
  if (!path.startsWith(unitFolder)) return undefined;
  // systemd is written in C: a name ends at its first zero byte.
  const [name = ""] = unescapeLabel(path.slice(unitFolder.length)).split("\0");
  return unitName.test(name) ? name : undefined;
}

/** Undoes the escapes of object paths as systemd does, which takes them in either case and for any character. */
export function unescapeLabel(label: string): string {
  const bytes = label.replaceAll(/_([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return bytes.includes("\u0080") || /[\u0081-\u00ff]/.test(bytes)
    ? Buffer.from(bytes, "latin1").toString()
    : bytes;
}
