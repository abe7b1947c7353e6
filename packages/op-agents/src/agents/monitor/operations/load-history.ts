import type { AgentOperation } from "../../operation/agent-operation.ts";
import { integerField } from "../../operation/field.ts";
import { listSchema, number, objectSchema, orNull, string } from "../../operation/output-schema.ts";
import { thinOut } from "../history/thin-out.ts";
import type { MonitorSetting } from "../monitor-setting.ts";

const minutes = integerField("minutes", "How far back.", { least: 1, most: 100_000, fallback: 60 });
const points = integerField("points", "How many points at most; more are averaged.", {
  least: 1,
  most: 1000,
  fallback: 60,
});

/** Tells how the machine was. */
export const loadHistory: AgentOperation<MonitorSetting> = {
  name: "get_load_history",
  description:
    "Tells how busy processors, memory and disks were, as far back as this agent has looked: since when is in the answer.",
  risk: "read",
  isIdempotent: true,
  fields: [minutes, points],
  outputSchema: objectSchema({
    since: string,
    points: listSchema(
      objectSchema({
        at: string,
        cpuPercent: number,
        waitingPercent: number,
        stolenPercent: number,
        load: number,
        memoryPercent: number,
        swapPercent: number,
        cpuPressure: orNull("number"),
        memoryPressure: orNull("number"),
        ioPressure: orNull("number"),
        readBytesPerSecond: number,
        writtenBytesPerSecond: number,
      }),
    ),
  }),
  run: (input, { sampler }) => {
    const earliest = Date.now() - 60_000 * minutes.read(input);
    const wanted = sampler.samples().filter(({ atMs }) => atMs >= earliest);
    const found = thinOut(wanted, points.read(input)).map(({ atMs, ...sample }) => ({
      at: new Date(atMs).toISOString(),
      ...sample,
    }));
    return Promise.resolve({ since: new Date(sampler.sinceMs).toISOString(), points: found });
  },
};
