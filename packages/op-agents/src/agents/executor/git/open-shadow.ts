import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Root } from "../../places/root.ts";
import { readPointer, type Repository } from "./find-repository.ts";
import { parseSettings, plainConfig } from "./plain-config.ts";
import type { RunGit } from "./run-git.ts";

/**
 * A folder that git takes for the shared part of a repository: its objects and branches, and a configuration of ours. The
 * repository's own configuration is read once, as data, so that nobody can change it between a check and its use; its
 * hooks and attributes do not exist here.
 */
export interface Shadow extends AsyncDisposable {
  readonly path: string;
}

/** What of a repository git may see as it is. */
const shared = ["objects", "refs", "reftable", "packed-refs", "logs", "shallow", "worktrees"];

/** Folders in memory; the agent writes nowhere else of its own. */
export const shadowHome = "/dev/shm";

/** Makes the shadow of a repository. */
export async function openShadow(
  { commonFolder }: Repository,
  roots: readonly Root[],
  run: RunGit,
): Promise<Shadow> {
  const path = await mkdtemp(join(shadowHome, "op-git-"));
  await using opened = new AsyncDisposableStack();
  opened.defer(async () => await rm(path, { recursive: true, force: true }));
  const raw = join(path, "raw-config");
  await writeFile(raw, (await readPointer(join(commonFolder, "config"), roots)) ?? "");
  const list = await run(["config", "--file", raw, "--no-includes", "--list", "-z"], {
    cwd: path,
    env: { GIT_CEILING_DIRECTORIES: shadowHome },
    isForProgram: true,
  });
  await writeFile(join(path, "config"), plainConfig(parseSettings(list.stdout)));
  for (const name of shared.filter((each) => existsSync(join(commonFolder, each)))) {
    await symlink(join(commonFolder, name), join(path, name));
  }
  await mkdir(join(path, "info"));
  if (existsSync(join(commonFolder, "info", "exclude"))) {
    await symlink(join(commonFolder, "info", "exclude"), join(path, "info", "exclude"));
  }
  const owned = opened.move();
  return { path, [Symbol.asyncDispose]: async () => await owned.disposeAsync() };
}
