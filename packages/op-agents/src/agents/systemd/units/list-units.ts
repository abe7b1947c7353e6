import type { JsonObject } from "op-core";
import type { AgentOperation } from "../../operation/agent-operation.ts";
import { choiceField, flagField, integerField, textField } from "../../operation/field.ts";
import { integer, listSchema, objectSchema, string } from "../../operation/output-schema.ts";
import { cleanText } from "../../text/clean-text.ts";
import type { UnitFileRow, UnitRow } from "../systemd-bus.ts";
import type { SystemdSetting } from "../systemd-setting.ts";
import { unitKinds } from "./unit-name.ts";

const name = textField("name", "Only units with this in their name; * stands for anything.", {
  fallback: "",
});
const kind = choiceField("kind", "Only units of this kind.", ["any", ...unitKinds]);
const state = choiceField("state", "Only units in this state.", [
  "any",
  "active",
  "inactive",
  "failed",
  "activating",
  "deactivating",
  "reloading",
]);
const installed = flagField("installed", "Also tell of installed units that are not loaded.");
const limit = integerField("limit", "How many at most.", { least: 1, most: 1000, fallback: 100 });

/** Lists units. */
export const listUnits: AgentOperation<SystemdSetting> = {
  name: "list_units",
  description:
    "Lists systemd's units with their states: services, sockets, timers, mounts and others, by name, kind and state.",
  risk: "read",
  isIdempotent: true,
  fields: [name, kind, state, installed, limit],
  outputSchema: objectSchema({
    units: listSchema(
      objectSchema(
        {
          unit: string,
          description: string,
          load: string,
          active: string,
          sub: string,
          job: string,
          startsAtBoot: string,
        },
        ["description", "load", "active", "sub", "job", "startsAtBoot"],
      ),
    ),
    total: integer,
  }),
  run: async (input, setting, context) => {
    const bus = await setting.bus(context);
    const patterns = [toPattern(name.read(input), kind.read(input))];
    const wanted = state.read(input);
    const states = wanted === "any" ? [] : [wanted];
    const loaded = await bus.listUnits({ states, patterns }, context);
    const isAll = installed.read(input) && wanted === "any";
    const files = isAll ? await bus.listUnitFiles(patterns, context) : [];
    const units = join(loaded, files);
    return { units: units.slice(0, limit.read(input)), total: units.length };
  },
};

function toPattern(text: string, ofKind: string): string {
  const ending = ofKind === "any" ? "*" : `*.${ofKind}`;
  const bare = text.trim();
  if (bare === "") return ending;
  if (bare.includes("*") || bare.includes("?")) return bare;
  return `*${bare}${ending}`;
}

/** Failed ones first, because they are what somebody looks for. */
function join(loaded: readonly UnitRow[], files: readonly UnitFileRow[]): readonly JsonObject[] {
  const states = new Map(files.map((file) => [file.name, file.state]));
  const known = new Set(loaded.map((row) => row.name));
  const rows = loaded.toSorted((left, right) => order(left) - order(right) || compare(left, right));
  return [
    ...rows.map((row) => describeRow(row, states.get(row.name))),
    ...files
      .filter((file) => !known.has(file.name))
      .map((file) => ({ unit: cleanText(file.name), startsAtBoot: file.state })),
  ];
}

function order({ active }: UnitRow): number {
  return active === "failed" ? 0 : 1;
}

function compare(left: UnitRow, right: UnitRow): number {
  return left.name < right.name ? -1 : 1;
}

/** Makes a row of a list from what systemd tells. */
export function describeRow(row: UnitRow, startsAtBoot?: string): JsonObject {
  return {
    unit: cleanText(row.name),
    description: cleanText(row.description),
    load: row.load,
    active: row.active,
    sub: row.sub,
    ...(row.job === "" ? {} : { job: row.job }),
    ...(startsAtBoot === undefined ? {} : { startsAtBoot }),
  };
}
