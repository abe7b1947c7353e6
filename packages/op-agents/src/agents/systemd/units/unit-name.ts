import { operationFailure } from "../../../serving/operation-failure.ts";
import { textField } from "../../operation/field.ts";
import { quote } from "../../text/quote.ts";

/** The kinds of units that there are. */
export const unitKinds = [
  "service",
  "socket",
  "timer",
  "path",
  "target",
  "mount",
  "automount",
  "swap",
  "slice",
  "scope",
  "device",
] as const;

const whole = new RegExp(String.raw`^[A-Za-z0-9:_.\\@-]{1,240}\.(?:${unitKinds.join("|")})$`, "u");

/** The unit that an operation is about. */
export const unitField = textField("unit", "The unit, such as nginx or backup.timer.");

/** The whole name of a unit; a name without a kind is a service's. */
export function toUnitName(text: string): string {
  if (whole.test(text)) return text;
  const service = `${text}.service`;
  if (whole.test(service)) return service;
  throw operationFailure({
    code: "ERR_UNIT_NAME",
    message: `${quote(text)} can't be the name of a unit.`,
    advice: "A name looks like nginx.service or backup.timer; list_units finds it.",
  });
}

/** Refuses to change a unit that is only looked at. */
export function checkUnprotected(unit: string, protect: readonly string[]): void {
  const pattern = protect.find((each) => matches(unit, each));
  if (pattern === undefined) return;
  throw operationFailure({
    code: "ERR_UNIT_REFUSED",
    message: `${quote(unit)} is not changed: the configuration protects ${quote(pattern)}.`,
    advice: "Whoever administers op-mcp can take it out of agents.systemd.protect.",
  });
}

function matches(unit: string, pattern: string): boolean {
  const parts = pattern.split("*").map((part) => part.replaceAll(/[.\\]/gu, String.raw`\$&`));
  return new RegExp(`^${parts.join(".*")}$`, "u").test(unit);
}
