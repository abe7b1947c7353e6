import * as z from "zod";
import { PolicyLimits } from "./policy-limits-config.ts";
import { Permission, PolicyRule, principalSyntax } from "./policy-rule-config.ts";

interface RoleDefaults {
  readonly principals: readonly string[];
  /** For read, write, destructive and privileged calls. */
  readonly permissions: readonly [Permission, Permission, Permission, Permission];
}

function permission(calls: string, otherwise: Permission) {
  return Permission.default(otherwise).meta({ description: `What becomes of ${calls} calls.` });
}

function role({ principals, permissions }: RoleDefaults) {
  const [read, write, destructive, privileged] = permissions;
  return z
    .strictObject({
      principals: z
        .array(z.string().min(1))
        .default([...principals])
        .meta({
          description: `Who has the role: ${principalSyntax}. \`*\` is everybody but the anonymous.`,
        }),
      permissions: z
        .strictObject({
          read: permission("reading", read),
          write: permission("writing", write),
          destructive: permission("destructive", destructive),
          privileged: permission("privileged", privileged),
        })
        .prefault({})
        .meta({ description: "What the role may do where no rule says anything." }),
    })
    .meta({ description: "Who has the role, and what it may do." });
}

const Roles = z
  .strictObject({
    reader: role({ principals: ["*"], permissions: ["allow", "deny", "deny", "deny"] }).prefault(
      {},
    ),
    operator: role({ principals: [], permissions: ["allow", "allow", "ask", "deny"] }).prefault({}),
    admin: role({
      principals: ["unix:uid=self"],
      permissions: ["allow", "allow", "ask", "ask"],
    }).prefault({}),
  })
  .catchall(role({ principals: [], permissions: ["deny", "deny", "deny", "deny"] }))
  .meta({ description: "Roles. More can be added; those permit nothing unless told." });

/** Who has a role and what it may do, complete. */
export type PolicyRole = z.output<typeof Roles>[string];

/** Who may call what, how often, and what a person must agree to. */
export const PolicyConfig = z
  .strictObject({
    roles: Roles.prefault({}),
    rules: z.array(PolicyRule).default([]).meta({
      description:
        "Rules. One that denies wins over all others; of those the first that fits decides; where none fits, the role does.",
    }),
    limits: PolicyLimits.prefault({}),
    approval: z
      .strictObject({
        rememberMs: z.int().nonnegative().default(0).meta({
          description:
            "How long a yes to what a role asks about counts for the very same call, in milliseconds.",
        }),
        codeMs: z
          .int()
          .positive()
          .default(10 * 60 * 1000)
          .meta({
            description:
              "How long a code for `op-mcp approve` can be used, and then the approval, in milliseconds.",
          }),
      })
      .prefault({})
      .meta({ description: "How a person's yes is asked for." }),
  })
  .meta({
    description: "Who may call what, how often, and what a person must agree to.",
    live: true,
  });

/** Who may call what, how often, and what a person must agree to; complete. */
export type PolicyConfig = z.output<typeof PolicyConfig>;

/** What a policy's file may contain, before it is complete. */
export type PolicyInput = z.input<typeof PolicyConfig>;
