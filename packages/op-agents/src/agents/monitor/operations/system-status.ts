import { uptime } from "node:os";
import type { AgentOperation } from "../../operation/agent-operation.ts";
import {
  boolean,
  integer,
  listSchema,
  number,
  objectSchema,
  string,
} from "../../operation/output-schema.ts";
import { countProcesses } from "../../processes/count-processes.ts";
import type { MonitorSetting } from "../monitor-setting.ts";
import { readCpu, readLoad } from "../readings/read-cpu.ts";
import { readDiskUsage } from "../readings/read-disk-usage.ts";
import { readMemory } from "../readings/read-memory.ts";
import { readPressure } from "../readings/read-pressure.ts";
import { readTemperatures } from "../readings/read-temperatures.ts";
import { alertSchema, diskUsageSchema, pressureSchema, temperatureSchema } from "./schemas.ts";

const shownDisks = 5;
const shownAlerts = 10;

/** Tells how the machine is. */
export const systemStatus: AgentOperation<MonitorSetting> = {
  name: "get_system_status",
  description:
    "Tells whether the machine is well, now: alerts, processors, load, memory, pressure, the fullest disks, temperature, processes.",
  risk: "read",
  isIdempotent: true,
  fields: [],
  outputSchema: objectSchema({
    at: string,
    isHealthy: boolean,
    alerts: listSchema(alertSchema),
    recentAlerts: listSchema(alertSchema),
    uptimeSeconds: integer,
    load: listSchema(number),
    cpu: objectSchema({
      count: integer,
      percent: number,
      waitingPercent: number,
      stolenPercent: number,
    }),
    memory: objectSchema({
      totalBytes: integer,
      availableBytes: integer,
      cachedBytes: integer,
      dirtyBytes: integer,
      swapTotalBytes: integer,
      swapFreeBytes: integer,
      usedPercent: number,
      swapPercent: number,
    }),
    pressure: pressureSchema,
    disks: listSchema(diskUsageSchema),
    temperatures: listSchema(temperatureSchema),
    processes: objectSchema({
      total: integer,
      running: integer,
      blocked: integer,
      zombies: integer,
    }),
  }),
  run: async (_nothing, { sampler }) => {
    const sample = await sampler.look();
    const { count, running, blocked } = readCpu();
    const alerts = sampler.activeAlerts();
    return {
      at: new Date(sample.atMs).toISOString(),
      isHealthy: alerts.length === 0,
      alerts,
      recentAlerts: sampler.recentAlerts().slice(-shownAlerts),
      uptimeSeconds: Math.floor(uptime()),
      load: readLoad(),
      cpu: {
        count,
        percent: sample.cpuPercent,
        waitingPercent: sample.waitingPercent,
        stolenPercent: sample.stolenPercent,
      },
      memory: {
        ...readMemory(),
        usedPercent: sample.memoryPercent,
        swapPercent: sample.swapPercent,
      },
      pressure: readPressure(),
      disks: (await readDiskUsage()).slice(0, shownDisks),
      temperatures: readTemperatures()
        .toSorted((left, right) => right.celsius - left.celsius)
        .slice(0, shownDisks),
      processes: { ...countProcesses(), running, blocked },
    };
  },
};
