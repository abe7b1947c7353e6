import { z } from "zod";

/** What can be declared of a package; that it is declared at all means that it is installed. */
export const PackageDesired = z.strictObject({
  version: z
    .string()
    .regex(/^[0-9][A-Za-z0-9.+:~-]*$/)
    .optional()
    .meta({
      description:
        "The exact version, as apt-cache madison lists it. Any that is installed will do unless told, and the newest when none is.",
    }),
  held: z.boolean().optional().meta({
    description: "Whether upgrades leave it alone. A package that is held keeps its version.",
  }),
});

/** What can be declared of a package. */
export type PackageDesired = z.output<typeof PackageDesired>;
