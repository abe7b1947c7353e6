import { DisclosureConfig } from "op-tools/config";
import * as z from "zod";

/** What answers most questions about a machine at once: clients need not search for it. */
const first = [
  "execute_command",
  "read_file",
  "unit_status",
  "read_journal",
  "get_system_status",
] as const;

/** What clients are shown. */
export const DisclosureSettings = DisclosureConfig.extend({
  pinned: z
    .array(z.string())
    .default([...first])
    .meta({
      description:
        "Names of tools that are listed in every mode, first; those that this machine does not have are left out.",
    }),
}).meta({ description: "What clients are shown." });
