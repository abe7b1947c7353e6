import { z } from "zod";
import { accessClasses } from "./access-class.ts";
import { defaultAccessRules } from "./default-access-rules.ts";
import { ruleProblems, unlockedProblem } from "./rule-problems.ts";

const Patterns = z
  .union([z.string(), z.array(z.string()).readonly()])
  .optional()
  .meta({ description: "One pattern or several: * stands for any characters, ? for one." });
const Class = z.enum(accessClasses);

/** A rule that allows or denies operations. What it does not mention it does not look at. */
export const AccessRule = z
  .strictObject({
    name: z.string().optional().meta({ description: "What denials and the log call the rule." }),
    deny: z
      .union([z.literal(true), z.array(z.string()).readonly()])
      .optional()
      .meta({ description: "Denies it to everybody (true), or to these callers." }),
    allow: z.array(z.string()).readonly().optional().meta({
      description:
        'Allows it to these callers: "*", "unix:uid=1000", "unix:gid=100", "oauth:sub=…", "oauth:scope=…", "key:…".',
    }),
    bus: Patterns.meta({ description: "system, session, or labels of hosts." }),
    service: Patterns.meta({ description: "Services, such as org.freedesktop.systemd1." }),
    interface: Patterns.meta({
      description: "Interfaces, such as org.freedesktop.systemd1.Manager.",
    }),
    member: Patterns.meta({ description: "Methods, properties or signals." }),
    path: Patterns.meta({ description: "Object paths." }),
    unit: Patterns.meta({
      description: "Units of systemd, whether an argument or the object's path names them.",
    }),
    args: z
      .record(z.string(), z.array(z.string()).readonly())
      .optional()
      .meta({ description: "Arguments by their names, each with the patterns it must fit." }),
    class: z
      .union([Class, z.array(Class).readonly()])
      .optional()
      .meta({ description: "What the operation may do." }),
    confirm: z.boolean().optional().meta({
      description:
        "Whether a person is asked first; unless told, whenever something may be changed.",
    }),
    interactiveAuth: z.boolean().optional().meta({
      description:
        "Whether polkit may ask a person for a password, which takes as long as it takes.",
    }),
  })
  .superRefine((rule, context) => {
    for (const message of ruleProblems(rule)) context.addIssue({ code: "custom", message });
  });
export type AccessRule = z.output<typeof AccessRule>;

/** Who may do what on a bus. */
export const AccessConfig = z.strictObject({
  rules: z.array(AccessRule).readonly().default(defaultAccessRules).meta({
    description:
      "Who may do what on the bus. A rule that denies wins; then the first that allows counts; what none allows is denied unless it only observes.",
  }),
  unlocked: z
    .array(
      // The pattern also tells readers of the JSON Schema that not every text will do.
      z
        .string()
        .regex(/^[\w.-]+$/)
        .superRefine((name, context) => {
          const message = unlockedProblem(name);
          if (message !== undefined) context.addIssue({ code: "custom", message });
        }),
    )
    .readonly()
    .default([])
    .meta({
      description:
        "Forbidden operations that rules may allow all the same, by interface and member, such as org.freedesktop.systemd1.Manager.StartTransientUnit.",
    }),
});
export type AccessConfig = z.output<typeof AccessConfig>;
