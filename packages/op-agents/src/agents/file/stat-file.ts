import { readlink } from "node:fs/promises";
import type { AgentOperation } from "../operation/agent-operation.ts";
import { flagField } from "../operation/field.ts";
import { boolean, integer, objectSchema, orNull, string } from "../operation/output-schema.ts";
import { atPlace } from "../places/place-failure.ts";
import { openEntry, openPlace } from "../places/place.ts";
import { describeStats, knownOwner, ownerSchema, statsSchema } from "./describe-entry.ts";
import type { FileSetting } from "./file-setting.ts";
import { pathField } from "./path-field.ts";

const follow = flagField("follow", "Whether a link is followed, and what it leads to is told.");

/** Tells what is at a place. */
export const statFile: AgentOperation<FileSetting> = {
  name: "stat_file",
  description:
    "Tells what is at a path, if anything: kind, size, times, mode, owner, where a link leads, whether it may be written.",
  risk: "read",
  isIdempotent: true,
  fields: [pathField, follow],
  outputSchema: objectSchema(
    {
      path: string,
      exists: boolean,
      isWritable: boolean,
      ...statsSchema,
      created: string,
      changed: string,
      owner: ownerSchema,
      group: ownerSchema,
      links: integer,
      target: orNull("string"),
    },
    [...Object.keys(statsSchema), "created", "changed", "owner", "group", "links", "target"],
  ),
  run: async (input, { roots }) => {
    const path = pathField.read(input);
    await using place = await openPlace(path, { roots, isFollowed: follow.read(input) });
    await using entry = await atPlace(path, async () => await openEntry(place));
    const found = { path: place.path, isWritable: place.root.isWritable };
    if (entry === undefined) return { ...found, exists: false };
    const { stats } = entry;
    return {
      ...found,
      exists: true,
      ...describeStats(stats),
      created: stats.birthtime.toISOString(),
      changed: stats.ctime.toISOString(),
      owner: knownOwner(stats.uid),
      group: knownOwner(stats.gid),
      links: stats.nlink,
      target: stats.isSymbolicLink()
        ? await atPlace(path, async () => await readlink(place.at))
        : null,
    };
  },
};
