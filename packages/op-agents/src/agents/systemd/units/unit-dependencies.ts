import type { JsonObject } from "op-core";
import type { AgentOperation } from "../../operation/agent-operation.ts";
import { choiceField } from "../../operation/field.ts";
import { listSchema, objectSchema, string } from "../../operation/output-schema.ts";
import type { BusCallOptions } from "../systemd-bus.ts";
import type { SystemdSetting } from "../systemd-setting.ts";
import { describeRow } from "./list-units.ts";
import { textsOf } from "./property.ts";
import { toUnitName, unitField } from "./unit-name.ts";

const needed = ["Requires", "Requisite", "BindsTo", "Wants", "PartOf", "Triggers", "Conflicts"];
const needing = [
  "RequiredBy",
  "RequisiteOf",
  "BoundBy",
  "WantedBy",
  "ConsistsOf",
  "TriggeredBy",
  "ConflictedBy",
];
const relations = {
  needs: needed,
  neededBy: needing,
  order: ["After", "Before"],
} as const;

const direction = choiceField(
  "direction",
  "Which dependencies: what it needs, what needs it, or when it starts.",
  ["needs", "neededBy", "order"],
);

/** Lists what a unit depends on, or what depends on it. */
export const unitDependencies: AgentOperation<SystemdSetting> = {
  name: "unit_dependencies",
  description:
    "Lists what a unit needs, which loaded units need it, or what it starts after and before, and which of what it needs does not run.",
  risk: "read",
  isIdempotent: true,
  fields: [unitField, direction],
  outputSchema: objectSchema({
    unit: string,
    dependencies: { type: "object", additionalProperties: listSchema(string) },
    notRunning: listSchema(objectSchema({ unit: string, active: string })),
  }),
  run: async (input, setting, context) => {
    const unit = toUnitName(unitField.read(input));
    const wanted = direction.read(input);
    const bus = await setting.bus(context);
    const properties = await bus.unitProperties(unit, context);
    const found = relations[wanted]
      .map((name) => [toKey(name), textsOf(properties, name).toSorted()] as const)
      .filter(([, units]) => units.length > 0);
    return {
      unit,
      dependencies: Object.fromEntries(found),
      notRunning: wanted === "needs" ? await findNotRunning(properties, setting, context) : [],
    };
  },
};

function toKey(property: string): string {
  return property.slice(0, 1).toLowerCase() + property.slice(1);
}

async function findNotRunning(
  properties: JsonObject,
  setting: SystemdSetting,
  options: BusCallOptions,
): Promise<readonly JsonObject[]> {
  const names = ["Requires", "Requisite", "BindsTo", "Wants"].flatMap((name) =>
    textsOf(properties, name),
  );
  if (names.length === 0) return [];
  const rows = await (await setting.bus(options)).findUnits([...new Set(names)], options);
  return rows.filter(({ active }) => active !== "active").map((row) => describeRow(row));
}
