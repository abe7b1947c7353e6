import { lstat } from "node:fs/promises";
import { join } from "node:path";
import type { JsonObject } from "op-core";
import type { AgentOperation } from "../../operation/agent-operation.ts";
import { malformed, textField, textsField } from "../../operation/field.ts";
import { isWithin } from "../../places/forbidden-places.ts";
import { findRoots, type Root } from "../../places/root.ts";
import { checkPlace } from "../check-place.ts";
import type { ExecutorSettings } from "../execute-command.ts";
import { commandResultSchema } from "../command-result-schema.ts";
import { refusal } from "../refusal.ts";
import { checkGit, checkNamed, type CheckedGit } from "./check-git.ts";
import { findRepository } from "./find-repository.ts";
import { openShadow } from "./open-shadow.ts";
import { createRunGit, type RunGit } from "./run-git.ts";

const argv = textsField(
  "argv",
  'The command of git and its arguments, one by one, without git itself: ["log", "--oneline", "-n", "10"].',
);
const cwd = textField("cwd", "A folder in the repository.");
const author = textField(
  "author",
  'Who commits, as "Name <mail>", where the repository does not say.',
  {
    fallback: undefined,
    longest: 200,
  },
);

/** Asks git about a repository. */
export const gitOperation: AgentOperation<ExecutorSettings> = {
  name: "git_operation",
  description:
    "Asks git about a repository: status, log, diff, show, blame, grep, branch, tag, ls-files and others that change nothing. Hooks, filters and programs of its configuration do not run.",
  risk: "read",
  isIdempotent: true,
  fields: [argv, cwd],
  outputSchema: commandResultSchema,
  run: async (input, settings, { signal }) => {
    const command = checkGit(argv.read(input), false);
    return await ask(command, { settings, signal, cwd: cwd.read(input), env: {} });
  },
};

/** Changes a repository with git. */
export const gitChange: AgentOperation<ExecutorSettings> = {
  name: "git_change",
  description:
    "Changes a repository with git: init, add, commit, switch, restore --staged, mv, rm --cached, reset without --hard. Hooks, filters and programs of its configuration do not run; other machines are not reached.",
  risk: "write",
  isIdempotent: false,
  fields: [argv, cwd, author],
  outputSchema: commandResultSchema,
  run: async (input, settings, { signal }) => {
    const command = checkGit(argv.read(input), true);
    const env = readAuthor(author.read(input));
    return await ask(command, { settings, signal, cwd: cwd.read(input), env });
  },
};

interface Asking {
  readonly settings: ExecutorSettings;
  readonly signal: AbortSignal;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

async function ask(command: CheckedGit, asking: Asking): Promise<JsonObject> {
  const { settings, signal, env } = asking;
  const roots = findRoots({ readable: settings.folders, writable: settings.projects });
  const folders = [...settings.folders, ...settings.projects];
  const place = await checkPlace(asking.cwd, "folder", { cwd: "/", folders });
  const run = createRunGit({
    timeoutMs: settings.maxTimeoutMs,
    outputBytes: settings.outputBytes,
    signal,
    onOutput: async () => undefined,
  });
  if (command.name === "init") return await init(command, { roots, place, run });
  const repository = await findRepository(place, roots);
  checkNamed(command, { cwd: place, tree: repository.tree });
  if (command.isChange && !repository.isWritable) throw readOnly(repository.tree, settings);
  await using shadow = await openShadow(repository, roots, run);
  const places = {
    GIT_DIR: repository.gitFolder,
    GIT_COMMON_DIR: shadow.path,
    GIT_WORK_TREE: repository.tree,
  };
  return await run(command.args, { cwd: place, env: { ...env, ...places } });
}

interface Initiating {
  readonly roots: readonly Root[];
  readonly place: string;
  readonly run: RunGit;
}

async function init(command: CheckedGit, { roots, place, run }: Initiating): Promise<JsonObject> {
  const root = roots.find(({ real }) => isWithin(place, real));
  if (root?.isWritable !== true) throw refusal(place, "it is in no folder for projects");
  const there = await lstat(join(place, ".git")).catch(() => undefined);
  if (there !== undefined) throw refusal(place, "there is a repository already");
  return await run(command.args, { cwd: place, env: { GIT_CEILING_DIRECTORIES: place } });
}

function readOnly(tree: string, { projects }: ExecutorSettings): Error {
  const known = projects.length === 0 ? "none" : projects.join(", ");
  return refusal(
    tree,
    "the repository is not in a folder for projects",
    `For projects are: ${known}.`,
  );
}

function readAuthor(text: string | undefined): Readonly<Record<string, string>> {
  if (text === undefined) return {};
  const [, name = "", mail = ""] = /^([^<>\p{Cc}]+) <([^<>\s\p{Cc}]+)>$/u.exec(text) ?? [];
  if (name === "") throw malformed('author has to be like "Name <mail>"');
  return {
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: mail,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: mail,
  };
}
