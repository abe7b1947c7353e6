/** What names of agents on a bus begin with; the type follows, with a capital. */
const namePrefix = "org.dbusmcp.Agent.";

/** What an agent of a type is called on a bus. */
export function busNameOf(type: string): string {
  return `${namePrefix}${type.slice(0, 1).toUpperCase()}${type.slice(1)}`;
}

/** The type of an agent by its name on a bus. */
export function typeOnBus(name: string): string {
  const own = name.startsWith(namePrefix) ? name.slice(namePrefix.length) : name;
  return `${own.slice(0, 1).toLowerCase()}${own.slice(1)}`.replaceAll(".", "_");
}
