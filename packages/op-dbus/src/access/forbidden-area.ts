import { forbiddenAreas } from "./curated/forbidden-areas.ts";
import { createGlob, type Glob } from "./glob.ts";
import type { OperationTarget } from "./operation-target.ts";
import type { Condition } from "./unit-conditions.ts";

interface Area {
  readonly services: readonly Glob[] | undefined;
  readonly interfaces: readonly Glob[] | undefined;
  readonly members: readonly string[] | undefined;
  readonly condition: Condition;
}

const areas: readonly Area[] = forbiddenAreas.map(({ services, interfaces, members, reason }) => ({
  services: services?.map(createGlob),
  interfaces: interfaces?.map(createGlob),
  members,
  condition: { class: "forbidden", reason },
}));

/** Looking at what an object is like is harmless even there. */
const harmless: ReadonlySet<string> = new Set([
  "org.freedesktop.DBus.Peer",
  "org.freedesktop.DBus.Introspectable",
]);

/** Why everything of a service or an interface is forbidden, where it is. */
export function areaConditions(target: OperationTarget): readonly Condition[] {
  if (target.interface !== undefined && harmless.has(target.interface)) return [];
  return areas.filter((area) => contains(area, target)).map(({ condition }) => condition);
}

function contains({ services, interfaces, members }: Area, target: OperationTarget): boolean {
  const { service, interface: name, member } = target;
  const isMeant = members === undefined || (member !== undefined && members.includes(member));
  return isAmong(services, service) && isAmong(interfaces, name) && isMeant;
}

function isAmong(globs: readonly Glob[] | undefined, text: string | undefined): boolean {
  return globs === undefined || (text !== undefined && globs.some((fits) => fits(text)));
}
