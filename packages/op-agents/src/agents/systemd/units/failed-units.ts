import type { JsonObject } from "op-core";
import type { AgentOperation } from "../../operation/agent-operation.ts";
import {
  integer,
  listSchema,
  objectSchema,
  orNull,
  string,
} from "../../operation/output-schema.ts";
import { readEntries } from "../journal/read-entries.ts";
import { entrySchema } from "../journal/journal-entry.ts";
import type { BusCallOptions, UnitRow } from "../systemd-bus.ts";
import type { SystemdSetting } from "../systemd-setting.ts";
import { explainUnit } from "./explain-unit.ts";
import { describeRow } from "./list-units.ts";
import { textOf, timeOf } from "./property.ts";

/** So many are explained; the rest is only counted. */
const mostExplained = 20;
const linesOfEach = 3;

/** Lists what failed, with the reasons. */
export const failedUnits: AgentOperation<SystemdSetting> = {
  name: "failed_units",
  description:
    "Lists the units that failed, each with why, since when, and its last log entries: what is broken on this machine.",
  risk: "read",
  isIdempotent: true,
  fields: [],
  outputSchema: objectSchema({
    state: string,
    units: listSchema(
      objectSchema({
        unit: string,
        description: string,
        load: string,
        active: string,
        sub: string,
        since: orNull("string"),
        explanation: string,
        log: listSchema(entrySchema),
      }),
    ),
    total: integer,
  }),
  run: async (_input, setting, context) => {
    const bus = await setting.bus(context);
    const rows = await bus.listUnits({ states: ["failed"], patterns: [] }, context);
    const shown = rows.slice(0, mostExplained);
    const units = await Promise.all(
      shown.map(async (row) => await describeFailed(row, setting, context)),
    );
    return { state: rows.length === 0 ? "nothing failed" : "degraded", units, total: rows.length };
  },
};

async function describeFailed(
  row: UnitRow,
  setting: SystemdSetting,
  options: BusCallOptions,
): Promise<JsonObject> {
  const bus = await setting.bus(options);
  const [unit, kind, log] = await Promise.all([
    bus.unitProperties(row.name, options),
    bus.kindProperties(row.name, options),
    readEntries({ unit: row.name, lines: linesOfEach }, setting, options),
  ]);
  return {
    ...describeRow(row),
    load: textOf(unit, "LoadState"),
    since: timeOf(unit, "StateChangeTimestamp"),
    explanation: explainUnit({ unit, kind }),
    log: log.entries,
  };
}
