import * as z from "zod";

const Risk = z.enum(["read", "write", "destructive", "privileged"]);

/** What a rule or a role makes of a call. */
export const Permission = z.enum(["allow", "ask", "dry-run", "deny"]);

/** What a rule or a role makes of a call. */
export type Permission = z.output<typeof Permission>;

const Scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** An empty list would look like "any" and mean "none". */
const patterns = z.array(z.string().min(1)).min(1);
const anything = (description: string) => patterns.default(["*"]).meta({ description });

/** How principals are written, for the descriptions of every key that takes them. */
export const principalSyntax =
  "`*`, or identities in which `*` stands for any text, as in `unix:uid=1000`, `unix:gid=27`, `oauth:sub=*@example.org`, `oauth:scope=NAME`, `key:ID`, `cert:NAME`, `anonymous`";

/** What must be true of one argument; all that is said must be. */
export const ArgumentPredicate = z
  .strictObject({
    equals: Scalar.optional().meta({ description: "The value is exactly this one." }),
    oneOf: z.array(Scalar).min(1).optional().meta({ description: "The value is one of these." }),
    glob: patterns.optional().meta({
      description: "The text fits one of these patterns; `*` stands for any text, slashes too.",
    }),
    notGlob: patterns.optional().meta({ description: "The text fits none of these patterns." }),
    under: patterns.optional().meta({
      description:
        "The absolute path is one of these directories or inside; `..` is resolved, links are not.",
    }),
    notUnder: patterns.optional().meta({
      description: "The absolute path is none of these directories and not inside one.",
    }),
    atLeast: z.number().optional().meta({ description: "The number is this or more." }),
    atMost: z.number().optional().meta({ description: "The number is this or less." }),
    absent: z.boolean().optional().meta({
      description: "Whether the argument is missing; `false` demands that it is there.",
    }),
  })
  .meta({ description: "What must be true of one argument; all that is said must be." });

/** What must be true of one argument. */
export type ArgumentPredicate = z.output<typeof ArgumentPredicate>;

const Day = z.enum(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]);

/** When a rule applies. */
export const TimeWindow = z
  .strictObject({
    days: z
      .array(Day)
      .min(1)
      .default([...Day.options])
      .meta({ description: "The days on which the window begins." }),
    from: z.string().default("00:00").meta({ description: "The first minute, as in `08:30`." }),
    to: z.string().default("24:00").meta({
      description: "The minute after the last; one before `from` is on the next day.",
    }),
    timezone: z.string().default("UTC").meta({
      description: "Whose days and hours are meant, as in `Europe/Berlin`.",
    }),
  })
  .meta({ description: "When the rule applies." });

/** When a rule applies. */
export type TimeWindow = z.output<typeof TimeWindow>;

/** One rule of the policy. */
export const PolicyRule = z
  .strictObject({
    name: z.string().default("").meta({
      description: "Stands in decisions and in the audit log; empty means the rule's place.",
    }),
    effect: Permission.meta({
      description:
        "What becomes of a call that fits. `deny` wins over all other rules; of those the first that fits decides.",
    }),
    reason: z.string().default("").meta({ description: "Why, for whoever is refused or asked." }),
    principals: anything(
      `Who is meant: ${principalSyntax}; in a \`deny\` also \`client:NAME\`, which clients choose.`,
    ),
    roles: anything("Roles of which one is needed; `*` means that none is."),
    sources: anything("The sources of tools; `*` stands for any text."),
    tools: anything("The names of tools; `*` stands for any text."),
    categories: anything("The categories of tools; `*` stands for any text."),
    risks: z
      .array(Risk)
      .min(1)
      .default([...Risk.options])
      .meta({ description: "The risks of calls; one that is not known counts as destructive." }),
    args: z.record(z.string(), ArgumentPredicate).default({}).meta({
      description:
        "What must be true of arguments, by their path, as in `unit`, `options.force` or `paths[]`. What is missing or of another type fits no rule that permits, and every rule that denies.",
    }),
    when: TimeWindow.prefault({}),
    rememberMs: z.int().nonnegative().default(0).meta({
      description:
        "How long a yes counts for the very same call, in milliseconds; with 0 each call is asked about.",
    }),
  })
  .meta({ description: "One rule of the policy." });

/** One rule of the policy, complete. */
export type PolicyRule = z.output<typeof PolicyRule>;
