import * as z from "zod";

/** Which tools need a person's yes. */
export const RequireApprovalConfig = z
  .strictObject({
    risks: z
      .array(z.enum(["read", "write", "destructive", "privileged"]))
      .default(["destructive", "privileged"])
      .meta({ description: "The risks of tools that run only after a person has agreed." }),
    rememberMs: z.int().nonnegative().default(0).meta({
      description:
        "How long a yes counts for the very same call by the same caller, in milliseconds; with 0 each call is asked about.",
    }),
  })
  .meta({ description: "Which tools need a person's yes." });

/** Which tools need a person's yes. */
export type RequireApprovalConfig = z.output<typeof RequireApprovalConfig>;
