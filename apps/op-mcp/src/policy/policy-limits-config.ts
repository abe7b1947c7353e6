import * as z from "zod";
import { principalSyntax } from "./policy-rule-config.ts";

const count = (description: string) => z.int().nonnegative().meta({ description });

const leaves = {
  callsPerMinute: count("How many calls one principal may make a minute."),
  toolCallsPerMinute: count("How many calls one principal may make to one tool a minute."),
  readCallsPerMinute: count("How many reading calls one principal may make a minute."),
  writeCallsPerMinute: count("How many writing calls one principal may make a minute."),
  destructiveCallsPerMinute: count("How many destructive calls one principal may make a minute."),
  privilegedCallsPerMinute: count("How many privileged calls one principal may make a minute."),
  concurrentCalls: count("How many calls of one principal may run at the same time."),
  argumentBytes: count("How large the arguments of one call may be, as JSON."),
  resultBytes: count("How large the result of one call may be, as JSON."),
  sessionCalls: count("How many calls one session may make within its window."),
  sessionBytes: count("How large all arguments and results of a session's window may be."),
  sessionDestructiveCalls: count(
    "How many destructive or privileged calls one session may make within its window.",
  ),
  sessionWindowMs: z.int().positive().meta({
    description: "How long a session's window lasts from its first call, in milliseconds.",
  }),
};

/** Other limits for some calls. */
const LimitOverride = z
  .strictObject({
    principals: z
      .array(z.string().min(1))
      .min(1)
      .default(["*"])
      .meta({ description: `Who is meant: ${principalSyntax}.` }),
    roles: z
      .array(z.string().min(1))
      .min(1)
      .default(["*"])
      .meta({ description: "Roles of which one is needed; `*` means that none is." }),
    tools: z
      .array(z.string().min(1))
      .min(1)
      .default(["*"])
      .meta({ description: "The names of tools; `*` stands for any text." }),
    limits: z
      .strictObject(leaves)
      .partial()
      .meta({ description: "The limits that are other, by the same names." }),
  })
  .meta({ description: "Other limits for some calls." });

/** Limits for some calls. */
export type LimitOverride = z.output<typeof LimitOverride>;

/** How much may be done; 0 means nothing at all. */
export const PolicyLimits = z
  .strictObject({
    callsPerMinute: leaves.callsPerMinute.default(6000),
    toolCallsPerMinute: leaves.toolCallsPerMinute.default(3000),
    readCallsPerMinute: leaves.readCallsPerMinute.default(6000),
    writeCallsPerMinute: leaves.writeCallsPerMinute.default(3000),
    destructiveCallsPerMinute: leaves.destructiveCallsPerMinute.default(120),
    privilegedCallsPerMinute: leaves.privilegedCallsPerMinute.default(120),
    concurrentCalls: leaves.concurrentCalls.default(256),
    argumentBytes: leaves.argumentBytes.default(4 * 1024 * 1024),
    resultBytes: leaves.resultBytes.default(64 * 1024 * 1024),
    sessionCalls: leaves.sessionCalls.default(100_000),
    sessionBytes: leaves.sessionBytes.default(2 * 1024 * 1024 * 1024),
    sessionDestructiveCalls: leaves.sessionDestructiveCalls.default(1000),
    sessionWindowMs: leaves.sessionWindowMs.default(60 * 60 * 1000),
    overrides: z.array(LimitOverride).default([]).meta({
      description: "Other limits for some calls; the first that fits and names a limit counts.",
    }),
  })
  .meta({ description: "How much may be done; 0 means nothing at all." });

/** How much may be done, complete. */
export type PolicyLimits = z.output<typeof PolicyLimits>;
