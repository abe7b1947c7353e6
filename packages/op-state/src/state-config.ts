import * as z from "zod";

/** The plugins that come with this package, by their names. */
export const builtInPluginNames = [
  "files",
  "sysctl",
  "units",
  "hostname",
  "time",
  "locale",
  "keymap",
  "users",
  "groups",
  "packages",
  "mounts",
  "dns",
  "connections",
  "subvolumes",
] as const;

/** A plugin that comes with this package. */
export type BuiltInPluginName = (typeof builtInPluginNames)[number];

const History = z
  .strictObject({
    maxRuns: z.int().positive().default(1000).meta({
      description: "How many runs and checkpoints are kept; there is no way back to older ones.",
    }),
    maxDays: z.int().positive().default(365).meta({
      description: "How many days they are kept.",
    }),
  })
  .meta({ description: "How long the way back is kept." });

const Subvolumes = z
  .strictObject({
    alongside: z.array(z.string()).default([]).meta({
      description: "Paths of btrfs subvolumes of which every run makes a snapshot to go back to.",
    }),
    keep: z.int().positive().default(20).meta({
      description: "How many snapshots are kept of each subvolume.",
    }),
  })
  .meta({ description: "Snapshots of btrfs subvolumes." });

/** How declared system state is kept. */
export const StateConfig = z
  .strictObject({
    plugins: z
      .array(z.enum(builtInPluginNames))
      .default([...builtInPluginNames])
      .meta({ description: "Which of the plugins that come with op-mcp are used." }),
    recovery: z.enum(["undo", "finish"]).default("undo").meta({
      description:
        "What becomes of a run that was interrupted, by a crash too, at the next start: what it did is taken back, or the rest is done.",
    }),
    lockTimeoutMs: z.int().nonnegative().default(10_000).meta({
      description: "How long a run waits for another that uses the same plugins, in milliseconds.",
    }),
    history: History.prefault({}),
    subvolumes: Subvolumes.prefault({}),
  })
  .meta({ description: "Declared system state." });

/** How declared system state is kept. */
export type StateConfig = z.output<typeof StateConfig>;
