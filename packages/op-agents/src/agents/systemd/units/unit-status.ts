import type { AgentOperation } from "../../operation/agent-operation.ts";
import { integerField } from "../../operation/field.ts";
import type { SystemdSetting } from "../systemd-setting.ts";
import { describeUnit, unitSchema } from "./describe-unit.ts";
import { toUnitName, unitField } from "./unit-name.ts";

const lines = integerField("lines", "How many of its last log entries to tell.", {
  least: 0,
  most: 200,
  fallback: 10,
});

/** Tells how a unit is, and why. */
export const unitStatus: AgentOperation<SystemdSetting> = {
  name: "unit_status",
  description:
    "Tells how a unit is and why: state, what failed with which exit code or signal and what that means, processes, memory, its file, and its last log entries. The first thing to ask when a service does not work.",
  risk: "read",
  isIdempotent: true,
  fields: [unitField, lines],
  outputSchema: unitSchema,
  run: async (input, setting, context) => {
    const unit = toUnitName(unitField.read(input));
    return await describeUnit({ unit, lines: lines.read(input) }, setting, context);
  },
};
