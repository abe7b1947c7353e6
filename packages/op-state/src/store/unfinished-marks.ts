import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

/** Files that tell of runs which are half done, so that nobody has to open the store to know that there is none. */
export interface UnfinishedMarks {
  add(id: number): void;
  remove(id: number): void;
  list(): readonly number[];
}

/** The marks of a store; their folder is made with the first of them. */
export function createUnfinishedMarks(directory: string): UnfinishedMarks {
  const folder = folderOf(directory);
  return {
    add: (id) => {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      closeSync(openSync(join(folder, String(id)), "a", 0o600));
      syncFolder(folder);
    },
    remove: (id) => rmSync(join(folder, String(id)), { force: true }),
    list: () => listMarks(folder).map(Number),
  };
}

/** Whether a store may hold runs that are half done, by a look at one folder. Those that go on now count as well. */
export function mayBeUnfinished(directory: string): boolean {
  return listMarks(folderOf(directory)).length > 0;
}

function folderOf(directory: string): string {
  return join(directory, "unfinished");
}

/** The mark is as durable as what the database says of the run. */
function syncFolder(folder: string): void {
  const opened = openSync(folder, "r");
  try {
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}

function listMarks(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => /^\d+$/u.test(name));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}
