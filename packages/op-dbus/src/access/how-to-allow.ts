import type { AccessClass } from "./access-class.ts";
import type { BusOperation } from "./bus-operation.ts";
import { targetOf } from "./operation-target.ts";
import type { Caller } from "./principal.ts";
import { unitsOf } from "./unit-names.ts";

/** The rule, as YAML, that would allow an operation to a caller. */
export function ruleThatAllows(
  caller: Caller,
  operation: BusOperation,
  itsClass: AccessClass,
): string {
  const target = targetOf(operation);
  const name = target?.interface ?? operation.interface;
  const { names } = unitsOf({ ...operation, interface: name });
  const entries: readonly (readonly [string, string | readonly string[] | undefined])[] = [
    ["allow", [caller.id]],
    ["bus", operation.bus],
    ["service", operation.service],
    ["interface", name],
    ["member", target?.member],
    ["unit", names.length === 0 ? undefined : names],
    ["class", itsClass],
  ];
  const written = entries.flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}: ${JSON.stringify(value)}`],
  );
  return `Add this to the access rules of D-Bus in the configuration file: - { ${written.join(", ")} }`;
}

/** What unlocks a forbidden operation. */
export function howToUnlock(operation: BusOperation): string {
  const target = targetOf(operation);
  if (target?.interface === undefined || target.member === undefined) return "It is never allowed.";
  const name = JSON.stringify(`${target.interface}.${target.member}`);
  return `No rule allows it. A person can unlock it for this machine in the configuration file, beside the access rules of D-Bus: unlocked: [${name}]`;
}
