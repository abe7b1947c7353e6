import type { AgentOperation } from "../../operation/agent-operation.ts";
import {
  integer,
  listSchema,
  number,
  objectSchema,
  string,
} from "../../operation/output-schema.ts";
import type { MonitorSetting } from "../monitor-setting.ts";
import { readDiskUsage } from "../readings/read-disk-usage.ts";
import { diskUsageSchema } from "./schemas.ts";

/** Tells about disks. */
export const disks: AgentOperation<MonitorSetting> = {
  name: "get_disks",
  description:
    "Tells how full the file systems of the disks are, the fullest first, and how much each disk reads and writes.",
  risk: "read",
  isIdempotent: true,
  fields: [],
  outputSchema: objectSchema({
    fileSystems: listSchema(diskUsageSchema),
    traffic: listSchema(
      objectSchema({
        name: string,
        readBytesPerSecond: integer,
        writtenBytesPerSecond: integer,
        readsPerSecond: integer,
        writesPerSecond: integer,
        busyPercent: number,
      }),
    ),
  }),
  run: async (_nothing, { sampler }) => {
    await sampler.look();
    return { fileSystems: await readDiskUsage(), traffic: sampler.diskRates() };
  },
};
