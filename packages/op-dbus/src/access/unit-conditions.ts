import type { AccessClass } from "./access-class.ts";
import type { PartialOperation } from "./bus-operation.ts";
import { textsIn } from "./argument-texts.ts";
import { isSystemdInterface, unitsOf } from "./unit-names.ts";

/** Why an operation is graver than its name. */
export interface Condition {
  readonly class: AccessClass;
  readonly reason: string;
}

/** Units that end the running system, or leave nothing of it but a shell. */
const shutdownUnit = new RegExp(
  `^(?:${[
    "(?:systemd-)?(?:poweroff|reboot|soft-reboot|halt|kexec|exit|rescue|emergency)",
    "(?:systemd-)?(?:sleep|suspend|hibernate|hybrid-sleep|suspend-then-hibernate|factory-reset)",
    "shutdown|final|umount|ctrl-alt-del|runlevel[016]|system-update|debug-shell",
    "(?:initrd-)?switch-root|initrd-cleanup|initrd-udevadm-cleanup-db",
  ].join("|")})(?:\\.[a-z]+)?$`,
);

/** Units without which little else keeps running. */
const carryingUnit =
  /^(?:-\.slice|system\.slice|user\.slice|machine\.slice|init\.scope|-\.mount|(?:sysinit|basic|local-fs|default|multi-user|graphical)\.target|dbus(?:-broker)?\.(?:service|socket)|systemd-(?:journald|logind|udevd)\..*|user@\d+\.service)$/;

const modes: Readonly<Partial<Record<string, AccessClass>>> = {
  isolate: "forbidden",
  flush: "destructive",
  "ignore-dependencies": "destructive",
  "ignore-requirements": "destructive",
  "replace-irreversibly": "destructive",
};

/** Whether a unit ends the running system when it starts, whatever way its name is spelled. */
function isShutdownUnit(name: string): boolean {
  return shutdownUnit.test(plainUnitName(name));
}

/** What the arguments, the path and the aliases of an operation on systemd add to its class. */
export function unitConditions(operation: PartialOperation): readonly Condition[] {
  if (!isSystemdInterface(operation.interface)) return [];
  const texts = textsIn(operation.args ?? null);
  const { names, isHidden } = unitsOf(operation);
  const units = [...texts, ...names, ...(operation.unitNames ?? [])];
  return [
    ...(isHidden ? [hidden] : []),
    ...units.filter(isShutdownUnit).slice(0, 1).map(endsSystem),
    ...units.map(plainUnitName).filter(isCarrying).slice(0, 1).map(carries),
    ...texts.flatMap(modeCondition),
  ];
}

const hidden: Condition = {
  class: "forbidden",
  reason: "The path does not tell which unit is meant.",
};

function endsSystem(name: string): Condition {
  const reason = `The unit ${JSON.stringify(name.slice(0, 100))} ends the running system.`;
  return { class: "forbidden", reason };
}

function isCarrying(name: string): boolean {
  return carryingUnit.test(name);
}

function carries(name: string): Condition {
  return { class: "destructive", reason: `Much else stops with the unit ${JSON.stringify(name)}.` };
}

function modeCondition(text: string): readonly Condition[] {
  const mode = text.trim().toLowerCase();
  const graver = Object.hasOwn(modes, mode) ? modes[mode] : undefined;
  const reason = `The mode ${JSON.stringify(mode)} stops or skips other units' jobs.`;
  return graver === undefined ? [] : [{ class: graver, reason }];
}

/** The name without what spelling can add: a folder, escapes, capitals, space, or what follows a zero byte. */
function plainUnitName(name: string): string {
  const [text = ""] = name.split("\0");
  const unescaped = text.replaceAll(/\\x([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return unescaped
    .slice(unescaped.lastIndexOf("/") + 1)
    .trim()
    .toLowerCase();
}
