import { DisclosureConfig } from "op-tools/config";
import * as z from "zod";

/** What a profile changes of the tools that match. */
export const ToolOverride = z
  .strictObject({
    match: z.string().meta({
      description:
        "The names of the tools, as they are outside of profiles; `*` stands for anything.",
    }),
    hide: z.boolean().default(false).meta({
      description: "Neither listed, nor found, nor callable.",
    }),
    rename: z.string().default("").meta({
      description: "Another name, where the pattern matches one tool.",
    }),
    description: z.string().default("").meta({ description: "Another description." }),
    pin: z.record(z.string(), z.unknown()).default({}).meta({
      description: "Arguments that are always these, and that nobody sees.",
    }),
  })
  .meta({ description: "What is changed of the tools that match; the first that matches counts." });

/** What a profile changes of the tools that match. */
export type ToolOverride = z.output<typeof ToolOverride>;

/** A set of servers and tools with a URL of its own. */
export const ProfileConfig = DisclosureConfig.extend({
  overrides: z.array(ToolOverride).default([]).meta({
    description: "What is changed of the tools here, and nowhere else.",
  }),
}).meta({
  description:
    "What is shown at `/mcp/NAME`: of which servers (`context.sources`), which tools, and how.",
});

/** A set of servers and tools with a URL of its own. */
export type ProfileConfig = z.output<typeof ProfileConfig>;
