import { parseBusName } from "../names/bus-name.ts";
import { isInterfaceName, parseInterfaceName } from "../names/interface-name.ts";
import { parseMemberName } from "../names/member-name.ts";
import { isWithin, parseObjectPath } from "../names/object-path.ts";
import { InvalidNameError } from "../dbus-error.ts";
import type { Signal, SignalRule } from "./bus-connection.ts";

/** Checks the names in a rule; throws `ERR_DBUS_NAME`. */
export function checkSignalRule(rule: SignalRule): void {
  if (rule.sender !== undefined) parseBusName(rule.sender);
  if (rule.path !== undefined) parseObjectPath(rule.path);
  if (rule.pathNamespace !== undefined) parseObjectPath(rule.pathNamespace);
  if (rule.interface !== undefined) parseInterfaceName(rule.interface);
  if (rule.member !== undefined) parseMemberName(rule.member);
  const { arg0Namespace } = rule;
  // A namespace may also be a single element.
  if (arg0Namespace !== undefined && !isInterfaceName(`${arg0Namespace}.x`)) {
    throw new InvalidNameError("a namespace", arg0Namespace, "A namespace looks like org.example.");
  }
}

/** Writes a rule as the bus reads it. */
export function formatMatchRule(rule: SignalRule): string {
  const keys: readonly (readonly [string, string | undefined])[] = [
    ["type", "signal"],
    ["sender", rule.sender],
    ["path", rule.path],
    ["path_namespace", rule.pathNamespace],
    ["interface", rule.interface],
    ["member", rule.member],
    ["arg0", rule.arg0],
    ["arg0namespace", rule.arg0Namespace],
  ];
  return keys
    .flatMap(([key, value]) => (value === undefined ? [] : [`${key}='${escape(value)}'`]))
    .join(",");
}

/** Inside of quotes everything but the quote stands for itself. */
function escape(value: string): string {
  return value.replaceAll("'", String.raw`'\''`);
}

/** Whether a signal is one the rule asks for, its sender aside. */
export function matchesRule(rule: SignalRule, signal: Signal): boolean {
  return (
    isOrAny(rule.member, signal.member) &&
    isOrAny(rule.interface, signal.interface) &&
    isOrAny(rule.path, signal.path) &&
    (rule.pathNamespace === undefined || isWithin(signal.path, rule.pathNamespace)) &&
    matchesArgument(rule, signal.body[0])
  );
}

function isOrAny(wanted: string | undefined, found: string): boolean {
  return wanted === undefined || wanted === found;
}

function matchesArgument({ arg0, arg0Namespace }: SignalRule, argument: unknown): boolean {
  if (arg0 === undefined && arg0Namespace === undefined) return true;
  if (typeof argument !== "string") return false;
  if (arg0 !== undefined && argument !== arg0) return false;
  return (
    arg0Namespace === undefined ||
    argument === arg0Namespace ||
    argument.startsWith(`${arg0Namespace}.`)
  );
}
