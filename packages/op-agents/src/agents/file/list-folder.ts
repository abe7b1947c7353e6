import { readlink } from "node:fs/promises";
import type { JsonObject } from "op-core";
import type { AgentOperation } from "../operation/agent-operation.ts";
import { flagField, integerField } from "../operation/field.ts";
import { integer, listSchema, objectSchema, orNull, string } from "../operation/output-schema.ts";
import { describeStats, statsSchema } from "./describe-entry.ts";
import type { FileSetting } from "./file-setting.ts";
import { openTree, type TreeEntry } from "./open-tree.ts";
import { pathField } from "./path-field.ts";

const depth = integerField("depth", "How many levels are listed.", {
  least: 1,
  most: 20,
  fallback: 1,
});
const hidden = flagField("hidden", "Whether names that begin with a dot are listed.");
const skip = integerField("skip", "How many entries to leave out, to go on.", {
  least: 0,
  fallback: 0,
});

/** Lists what is in a folder. */
export const listFolder: AgentOperation<FileSetting> = {
  name: "list_folder",
  description:
    "Lists what is in a folder, and with depth in the folders below: name, kind, size, time, mode. Go on with skip.",
  risk: "read",
  isIdempotent: true,
  fields: [pathField, depth, hidden, skip],
  outputSchema: objectSchema({
    path: string,
    entries: listSchema(objectSchema({ name: string, ...statsSchema, target: string }, ["target"])),
    next: orNull("integer"),
    skipped: integer,
  }),
  run: async (input, setting, { signal }) => {
    const skipped = skip.read(input);
    const isHiddenWanted = hidden.read(input);
    await using tree = await openTree(pathField.read(input), setting);
    const entries: JsonObject[] = [];
    const wanted = {
      depth: depth.read(input),
      signal,
      isWanted: (_path: string, name: string) => isHiddenWanted || !name.startsWith("."),
    };
    let seen = 0;
    let next: number | null = null;
    for await (const entry of tree.entries(wanted)) {
      seen += 1;
      if (seen <= skipped) continue;
      if (entries.length === setting.maxEntries) {
        next = seen - 1;
        break;
      }
      entries.push(await describe(entry));
    }
    return { path: tree.path, entries, next, skipped };
  },
};

async function describe({ path, stats, at }: TreeEntry): Promise<JsonObject> {
  const target = stats.isSymbolicLink() ? await readlink(at).catch(() => undefined) : undefined;
  return { name: path, ...describeStats(stats), ...(target === undefined ? {} : { target }) };
}
