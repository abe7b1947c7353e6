import { createGlob } from "../../access/glob.ts";
import type { MemberKindOfTool } from "./typed-member.ts";

/** Operators who choose nothing get these: looking at the machine, and the changes people ask for most. */
const essentials: readonly string[] = [
  ...of("org.freedesktop.systemd1.Manager", [
    "ListUnits",
    "ListUnitsFiltered",
    "ListUnitsByPatterns",
    "ListUnitFiles",
    "ListJobs",
    "GetUnitFileState",
    "GetUnitProcesses",
    "GetDefaultTarget",
    "StartUnit",
    "StopUnit",
    "RestartUnit",
    "ReloadUnit",
    "ResetFailedUnit",
    "EnableUnitFiles",
    "DisableUnitFiles",
    "Reload",
  ]),
  ...of("org.freedesktop.systemd1.Unit", ["properties"]),
  ...of("org.freedesktop.systemd1.Service", ["properties"]),
  ...of("org.freedesktop.hostname1", ["properties", "SetPrettyHostname", "SetHostname"]),
  ...of("org.freedesktop.timedate1", ["properties", "SetTimezone", "SetNTP"]),
  ...of("org.freedesktop.locale1", ["properties", "SetLocale"]),
  ...of("org.freedesktop.login1.Manager", ["ListSessions", "ListUsers", "ListInhibitors"]),
  ...of("org.freedesktop.resolve1.Manager", ["ResolveHostname", "FlushCaches", "properties"]),
  ...of("org.freedesktop.NetworkManager", ["GetDevices", "properties"]),
  ...of("org.freedesktop.NetworkManager.Device", ["properties"]),
];

function of(interfaceName: string, members: readonly string[]): readonly string[] {
  return members.map((member) => `${interfaceName}.${member}`);
}

/** Chooses the members that become tools of their own. */
export interface Profile {
  /** Whether any member of a service could be chosen, so that it is worth looking at. */
  mayInclude(service: string): boolean;
  includes(member: ProfileMember): boolean;
}

/** What of a member a profile looks at. */
export interface ProfileMember {
  readonly service: string;
  readonly interface: string;
  readonly kind: MemberKindOfTool;
  /** The method's name, `properties` for reading those of the interface, the property's name for writing it. */
  readonly name: string;
}

/** A profile that chooses everything. */
export const everything: Profile = { mayInclude: () => true, includes: () => true };

/**
 * Reads a profile. A pattern is an interface and a member, as `org.freedesktop.systemd1.Manager.ListUnits*`, and means the
 * interfaces that belong to a service by their names; `SERVICE INTERFACE.MEMBER` means any service. `properties` is the
 * reading of an interface's properties, `set NAME` the writing of one. `essentials` is a profile of its own.
 */
export function createProfile(patterns: readonly string[]): Profile {
  const expanded = patterns.flatMap((pattern) =>
    pattern === "essentials" ? essentials : [pattern],
  );
  const matchers = expanded.map(createMatcher);
  return {
    mayInclude: (service) => matchers.some((matcher) => matcher.mayInclude(service)),
    includes: (member) => matchers.some((matcher) => matcher.includes(member)),
  };
}

function createMatcher(pattern: string): Profile {
  const space = pattern.indexOf(" ");
  const first = pattern.slice(0, Math.max(space, 0));
  const isQualified = space !== -1 && !first.endsWith(".set");
  return isQualified
    ? matchQualified(createGlob(first), createGlob(pattern.slice(space + 1)))
    : matchOwn(pattern);
}

type Matches = (text: string) => boolean;

function matchQualified(service: Matches, member: Matches): Profile {
  return {
    mayInclude: service,
    includes: (one) => service(one.service) && member(textOf(one)),
  };
}

/** An interface that a service merely borrows from another is not what its name promises. */
function matchOwn(pattern: string): Profile {
  const matches = createGlob(pattern);
  const beforeStar = pattern.split(/[*?]/)[0] ?? "";
  return {
    mayInclude: (service) => beforeStar.startsWith(service) || service.startsWith(beforeStar),
    includes: (one) => isOwn(one) && matches(textOf(one)),
  };
}

function isOwn({ service, interface: interfaceName }: ProfileMember): boolean {
  return interfaceName === service || interfaceName.startsWith(`${service}.`);
}

function textOf({ interface: interfaceName, kind, name }: ProfileMember): string {
  return `${interfaceName}.${kind === "set" ? `set ${name}` : name}`;
}
