import * as z from "zod";
import { LeastIsolation } from "../../spec/least-isolation.ts";

const percent = (value: number, description: string) =>
  z
    .number()
    .min(0)
    .max(100)
    .default(value)
    .meta({ description: `${description}; 0 for never.` });

/** How the machine is watched. */
export const MonitorConfig = z
  .strictObject({
    isEnabled: z.boolean().default(true).meta({ description: "Whether there is this agent." }),
    intervalMs: z.int().min(1000).max(3_600_000).default(5000).meta({
      description: "How often the machine is looked at.",
    }),
    historyLength: z.int().min(2).max(20_000).default(1440).meta({
      description: "How many looks are remembered: with the interval, for how long.",
    }),
    times: z.int().min(1).max(1000).default(3).meta({
      description: "How many looks in a row have to be over a threshold before it is an alert.",
    }),
    thresholds: z
      .strictObject({
        cpuPercent: percent(95, "How busy the processors are"),
        loadPerCpu: z.number().min(0).default(4).meta({
          description: "How much runs or waits for each processor; 0 for never.",
        }),
        memoryPercent: percent(95, "How much memory is used"),
        swapPercent: percent(80, "How much swap space is used"),
        memoryPressure: percent(20, "For how much of the time something waits for memory"),
        ioPressure: percent(60, "For how much of the time something waits for disks"),
        diskPercent: percent(90, "How full a disk is"),
        inodesPercent: percent(90, "How many of the files that a disk can have it has"),
        celsius: z.number().min(0).default(90).meta({
          description: "How hot something is; 0 for never.",
        }),
      })
      .prefault({})
      .meta({ description: "What is an alert." }),
    least: LeastIsolation,
  })
  .meta({ description: "The agent that watches the machine." });

/** How the machine is watched. */
export type MonitorConfig = z.output<typeof MonitorConfig>;
