/** Which objects have an interface, and what they have in common when they are many. */
export interface PathSummary {
  readonly all: readonly string[];
  /** For many: the deepest path that all lie below, followed by `/*`. */
  readonly pattern?: string;
}

const fewPaths = 4;

/** The objects of an interface that no object is known to have. */
export const noPaths: PathSummary = { all: [] };

/** Summarises the paths of the objects that have an interface. */
export function describePaths(all: readonly string[]): PathSummary {
  return all.length <= fewPaths ? { all } : { all, pattern: commonPattern(all) };
}

/** The path that a service of this name conventionally has its main object at. */
export function conventionalPath(service: string): string {
  return `/${service.replaceAll(".", "/").replaceAll("-", "_")}`;
}

function commonPattern(paths: readonly string[]): string {
  const [first = "", ...others] = paths;
  let segments = first.split("/").slice(0, -1);
  for (const path of others) {
    const own = path.split("/");
    const differs = segments.findIndex((segment, index) => own[index] !== segment);
    if (differs !== -1) segments = segments.slice(0, differs);
  }
  return `${segments.join("/")}/*`;
}
