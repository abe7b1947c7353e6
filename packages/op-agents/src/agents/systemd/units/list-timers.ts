import type { JsonObject, JsonValue } from "op-core";
import type { AgentOperation } from "../../operation/agent-operation.ts";
import { listSchema, objectSchema, orNull, string } from "../../operation/output-schema.ts";
import { cleanText } from "../../text/clean-text.ts";
import type { BusCallOptions, UnitRow } from "../systemd-bus.ts";
import type { SystemdSetting } from "../systemd-setting.ts";
import { listOf, numberOf, textOf, timeOf, toIsoTime } from "./property.ts";

/** Lists timers with what they start and when. */
export const listTimers: AgentOperation<SystemdSetting> = {
  name: "list_timers",
  description: "Lists systemd's timers: what each starts, when next, when last, and its schedule.",
  risk: "read",
  isIdempotent: true,
  fields: [],
  outputSchema: objectSchema({
    timers: listSchema(
      objectSchema({
        timer: string,
        active: string,
        starts: string,
        next: orNull("string"),
        last: orNull("string"),
        schedule: listSchema(string),
      }),
    ),
  }),
  run: async (_input, setting, context) => {
    const bus = await setting.bus(context);
    const rows = await bus.listUnits({ states: [], patterns: ["*.timer"] }, context);
    const loaded = rows.filter(({ load }) => load === "loaded");
    const timers = await Promise.all(
      loaded.map(async (row) => await describeTimer(row, setting, context)),
    );
    return { timers: timers.toSorted(byNext) };
  },
};

async function describeTimer(
  row: UnitRow,
  setting: SystemdSetting,
  options: BusCallOptions,
): Promise<JsonObject> {
  const bus = await setting.bus(options);
  const timer = await bus.kindProperties(row.name, options);
  return {
    timer: cleanText(row.name),
    active: row.active,
    starts: textOf(timer, "Unit"),
    next: findNext(timer),
    last: timeOf(timer, "LastTriggerUSec"),
    schedule: [...describe(timer["TimersCalendar"]), ...describe(timer["TimersMonotonic"])],
  };
}

/** The next time by the calendar or by the clock that only runs, whichever comes first. */
function findNext(timer: JsonObject): string | null {
  const calendar = numberOf(timer, "NextElapseUSecRealtime");
  const running = numberOf(timer, "NextElapseUSecMonotonic");
  const sinceBoot = Number(process.hrtime.bigint() / 1000n);
  const times = [
    ...(calendar === null || calendar === 0 ? [] : [calendar]),
    ...(running === null || running === 0 ? [] : [Date.now() * 1000 + running - sinceBoot]),
  ];
  return times.length === 0 ? null : toIsoTime(Math.min(...times));
}

/** A timer's settings come as: name, value, next time. A monotonic value is in microseconds. */
function describe(settings: JsonValue | undefined): readonly string[] {
  return listOf(settings).flatMap((setting) => {
    const [name, value] = listOf(setting);
    if (typeof name !== "string") return [];
    if (typeof value === "string") return [cleanText(`${name}=${value}`)];
    return typeof value === "number"
      ? [`${cleanText(name.replace(/USec$/u, "Sec"))}=${value / 1e6}s`]
      : [];
  });
}

function byNext(left: JsonObject, right: JsonObject): number {
  // What has no next time comes last.
  return (textOf(left, "next") || "~").localeCompare(textOf(right, "next") || "~");
}
