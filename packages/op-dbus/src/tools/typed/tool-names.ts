import { isToolName, toDistinctToolName, toToolName } from "op-tools";
import type { TypedMember } from "./typed-member.ts";

/**
 * Names tools: the service's last word, the interface's where it is another, and the member. What two members would
 * share goes to the first by their full names, and the others get a digest, so that names are the same in every run.
 */
export function nameMembers<T extends TypedMember>(
  members: readonly T[],
  prefix: string,
): ReadonlyMap<string, T> {
  const named = new Map<string, T>();
  for (const member of members.toSorted(byFullName)) {
    const plain = toToolName(`${prefix}${shortName(member)}`);
    const distinct = named.has(plain) ? toDistinctToolName(`${prefix}${fullName(member)}`) : plain;
    named.set(distinct, member);
  }
  return named;
}

/** A name for people: `systemd1_Manager_ListUnits`, `hostname1_SetPrettyHostname`, `systemd1_Unit_properties`. */
function shortName({ bus, service, owner, kind, name }: TypedMember): string {
  const alias = service.split(".").at(-1) ?? service;
  const interfaceName = owner.description.name;
  const last = interfaceName.split(".").at(-1) ?? interfaceName;
  const where = interfaceName === service ? [alias] : [alias, last];
  const user = bus === "session" ? ["user"] : [];
  return [...user, ...where, ...(kind === "set" ? ["set"] : []), name].join("_");
}

function byFullName(one: TypedMember, other: TypedMember): number {
  return fullName(one) < fullName(other) ? -1 : 1;
}

function fullName({ bus, service, owner, kind, name }: TypedMember): string {
  return [bus, service, owner.description.name, kind, name].join(" ");
}

/** What the names of a host's tools begin with; empty for this machine. */
export function prefixOf(host: string | undefined): string {
  if (host === undefined) return "";
  const prefix = `${host}_`;
  return isToolName(prefix) ? prefix : `${toToolName(host)}_`;
}
