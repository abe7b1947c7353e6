import type { JsonObject } from "op-core";
import { z } from "zod";

const Word = z.string().regex(/^[^\s#][^\n]*$/);

/** What can be declared of a mount. What is left out is left as it is. */
export const MountDesired = z.strictObject({
  source: Word.optional().meta({
    description: "What is mounted: /dev/sdb1, UUID=…, server:/export, tmpfs. New mounts need it.",
  }),
  type: z
    .string()
    .regex(/^[a-z0-9_.-]+$/)
    .optional()
    .meta({ description: "The file system: ext4, btrfs, nfs, tmpfs. New mounts need it." }),
  options: z
    .array(z.string().regex(/^[^\s,]+$/))
    .min(1)
    .optional()
    .meta({ description: "Every option of mount: [noexec, size=1g]; defaults unless told." }),
  pass: z
    .int()
    .min(0)
    .max(2)
    .optional()
    .meta({ description: "When it is checked at the start: 1 for the root, 2 after it, 0 never." }),
  mounted: z.boolean().optional().meta({
    description: "Whether it is mounted now; it is unless told, or unless noauto is an option.",
  }),
});

/** What can be declared of a mount. */
export type MountDesired = z.output<typeof MountDesired>;

/** Reads a declaration that fits the schema. */
export function parseMountDesired(desired: JsonObject): MountDesired {
  return MountDesired.parse(desired);
}
