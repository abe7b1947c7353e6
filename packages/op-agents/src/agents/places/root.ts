import { realpathSync } from "node:fs";
import { isAbsolute, normalize, relative, resolve, sep } from "node:path";
import { isWithin } from "./forbidden-places.ts";

/** A folder in which places may be. */
export interface Root {
  /** As it is configured. */
  readonly named: string;
  /** With all links resolved. */
  readonly real: string;
  readonly isWritable: boolean;
}

/** Folders that may be read, and those that may be written too. */
export interface Folders {
  readonly readable: readonly string[];
  readonly writable: readonly string[];
}

/** The folders that are there, the innermost first, so that it decides; of one that is named twice, writing counts. */
export function findRoots({ readable, writable }: Folders): readonly Root[] {
  const roots = [
    ...writable.flatMap((named) => findRoot(named, true)),
    ...readable.flatMap((named) => findRoot(named, false)),
  ];
  return roots.toSorted((left, right) => right.real.length - left.real.length);
}

function findRoot(named: string, isWritable: boolean): Root[] {
  try {
    return [{ named: resolve(named), real: realpathSync(named), isWritable }];
  } catch {
    // It is not there, or nobody may go there.
    return [];
  }
}

/** A path in two: the folder that allows it, and the names below. */
export interface RootedPath {
  readonly root: Root;
  readonly names: readonly string[];
}

/** Finds the folder that allows a path; a link must not be resolved yet, only `..` and `.` are. */
export function findRooted(path: string, roots: readonly Root[]): RootedPath | undefined {
  if (!isAbsolute(path)) return undefined;
  const plain = normalize(path);
  for (const root of roots) {
    const base = [root.real, root.named].find((folder) => isWithin(plain, folder));
    if (base === undefined) continue;
    const names = relative(base, plain)
      .split(sep)
      .filter((name) => name !== "");
    return { root, names };
  }
  return undefined;
}
