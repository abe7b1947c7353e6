import type { JsonObject } from "op-core";
import { z } from "zod";
import type { DesiredValue } from "../../plugin/state-plugin.ts";

/** What can be declared of a unit. What is left out is left as it is. */
export const UnitDesired = z.strictObject({
  content: z.string().min(1).optional().meta({ description: "The unit's own file, whole." }),
  dropIns: z
    .record(z.string().regex(/^[A-Za-z0-9_-][A-Za-z0-9._-]*\.conf$/), z.string().nullable())
    .optional()
    .meta({ description: "Drop-ins by their file's name; null where there should be none." }),
  masked: z.boolean().optional().meta({ description: "Whether nobody can start it." }),
  enabled: z.boolean().optional().meta({ description: "Whether it starts with what wants it." }),
  active: z.boolean().optional().meta({ description: "Whether it runs now." }),
});

/** What can be declared of a unit. */
export type UnitDesired = z.output<typeof UnitDesired>;

/** Where an administrator's units are. */
const unitFolder = "/etc/systemd/system";

/** The path of a unit's own file. */
export function unitPath(unit: string): string {
  return `${unitFolder}/${unit}`;
}

/** The folder of a unit's drop-ins. */
export function dropInFolder(unit: string): string {
  return `${unitFolder}/${unit}.d`;
}

/** Reads a declaration that fits the schema; of a unit that should not be, everything should not be. */
export function parseUnitDesired(desired: JsonObject | null): UnitDesired {
  return desired === null ? { enabled: false, active: false } : UnitDesired.parse(desired);
}

/** The files that a declaration is about. */
export function filesOf(unit: string, desired: JsonObject): readonly DesiredValue[] {
  const { content, dropIns = {} } = parseUnitDesired(desired);
  const folder = dropInFolder(unit);
  const texts = Object.entries(dropIns);
  return [
    ...(content === undefined ? [] : [fileOf(unitPath(unit), content)]),
    ...(texts.some(([, text]) => text !== null)
      ? [{ key: folder, desired: { type: "directory" } }]
      : []),
    ...texts.map(([name, text]) => fileOf(`${folder}/${name}`, text)),
  ];
}

function fileOf(key: string, content: string | null): DesiredValue {
  return { key, desired: content === null ? null : { content } };
}

/** What is wrong with a declaration although it fits the schema; undefined when nothing is. */
export function contradictionIn(desired: UnitDesired): string | undefined {
  if (desired.masked !== true) return undefined;
  const { content, enabled, active } = desired;
  const isMore = content !== undefined || enabled === true || active === true;
  return isMore
    ? "a masked unit has no file of its own, is not enabled and not active."
    : undefined;
}
