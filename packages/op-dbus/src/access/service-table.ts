import type { AccessClass } from "./access-class.ts";

/** Names of members, separated by white space. */
export type MemberNames = string;

/** Members by what they do. */
export type ClassedNames = Readonly<Partial<Record<AccessClass, MemberNames>>>;

/** What somebody found out about an interface by reading its documentation. */
export interface InterfaceTable {
  readonly methods?: ClassedNames;
  /** What writing a property does. */
  readonly writable?: ClassedNames;
  /** Properties whose values not everybody should see. */
  readonly secret?: MemberNames;
  /** Methods above `sensitive` that do the same when they are called twice. */
  readonly idempotent?: MemberNames;
  /** Methods and writable properties by the polkit action that they need. */
  readonly polkit?: Readonly<Record<string, MemberNames>>;
}

/** The interfaces of a service, or of services that belong together. */
export interface ServiceTable {
  /** The names of the services for which the table is true; `*` stands for any characters. */
  readonly services: readonly string[];
  readonly interfaces: Readonly<Record<string, InterfaceTable>>;
}

/** The names in a list. */
export function namesIn(names: MemberNames | undefined): readonly string[] {
  return names === undefined ? [] : names.split(/\s+/).filter((name) => name !== "");
}
