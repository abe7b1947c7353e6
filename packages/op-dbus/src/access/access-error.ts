import { OpError } from "op-core";

/** A rule of the configuration that cannot be followed. */
export class AccessRuleError extends OpError {
  static readonly code = "ERR_DBUS_ACCESS_RULE";
  static readonly meaning = "A rule of who may do what on the bus cannot be followed.";
  readonly code = AccessRuleError.code;

  constructor(rule: string, problem: string) {
    super(`The access ${rule} of the D-Bus configuration cannot be followed: ${problem}`, {
      advice: "Correct the rule; until then nothing on the bus is allowed.",
      data: { rule, problem },
    });
  }
}
