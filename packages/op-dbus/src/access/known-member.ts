import { accessClasses, type AccessClass } from "./access-class.ts";
import { createGlob, type Glob } from "./glob.ts";
import { serviceTables } from "./curated/tables.ts";
import { namesIn, type ClassedNames, type InterfaceTable } from "./service-table.ts";

/** An interface that somebody looked at. */
export interface KnownInterface {
  /** Whether the table was made for a service of this name, and not for another that has the same interface. */
  isOf(service: string): boolean;
  readonly methods: ReadonlyMap<string, AccessClass>;
  readonly writable: ReadonlyMap<string, AccessClass>;
  readonly secret: ReadonlySet<string>;
  readonly idempotent: ReadonlySet<string>;
  readonly polkit: ReadonlyMap<string, string>;
}

interface Source {
  readonly services: readonly string[];
  readonly table: InterfaceTable;
}

const sources: ReadonlyMap<string, Source> = new Map(
  serviceTables.flatMap(({ services, interfaces }) =>
    Object.entries(interfaces).map(([name, table]) => [name, { services, table }] as const),
  ),
);

const known = new Map<string, KnownInterface>();

/** What is known of an interface; the tables are read when they are first needed. */
export function knownInterface(name: string): KnownInterface | undefined {
  const source = sources.get(name);
  if (source === undefined) return undefined;
  const found = known.get(name) ?? readTable(source);
  known.set(name, found);
  return found;
}

/** Whether a service has properties whose values not everybody should see. */
export function hasSecrets(service: string): boolean {
  return serviceTables.some(
    ({ services, interfaces }) =>
      services.includes(service) &&
      Object.values(interfaces).some(({ secret }) => secret !== undefined),
  );
}

function readTable({ services, table }: Source): KnownInterface {
  const globs: readonly Glob[] = services.map(createGlob);
  return {
    isOf: (service) => globs.some((fits) => fits(service)),
    methods: classesOf(table.methods),
    writable: classesOf(table.writable),
    secret: new Set(namesIn(table.secret)),
    idempotent: new Set(namesIn(table.idempotent)),
    polkit: new Map(
      Object.entries(table.polkit ?? {}).flatMap(([action, names]) =>
        namesIn(names).map((name) => [name, action] as const),
      ),
    ),
  };
}

function classesOf(names: ClassedNames | undefined): ReadonlyMap<string, AccessClass> {
  return new Map(
    accessClasses.flatMap((one) => namesIn(names?.[one]).map((name) => [name, one] as const)),
  );
}
