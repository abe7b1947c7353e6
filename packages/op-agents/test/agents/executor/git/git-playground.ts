import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { JsonObject } from "op-core";
import { defineExecutor } from "../../../../src/agents/index.ts";
import { ExecutorConfig } from "../../../../src/config.ts";
import { openAgentPool, openNativeBackend } from "../../../../src/index.ts";
import { never } from "../../../fixtures/pools.ts";
import type { HostileRepository } from "./hostile-repositories.ts";

/** Whom the executor works as; the tests may run as root. */
const user = process.getuid?.() === 0 ? { uid: 4711, gid: 4712 } : undefined;

/** A real executor with a folder for projects. */
export interface GitPlayground extends AsyncDisposable {
  readonly root: string;
  readonly projects: string;
  /** Runs an ordinary git, without any protection, as the tests' user. */
  git(folder: string, ...argv: readonly string[]): string;
  /** Makes a repository with two commits and gives it to the executor's user. */
  makeRepository(name: string): string;
  /** Makes a hostile repository; the mark is where its program would leave something. */
  makeHostile(
    name: string,
    hostile: HostileRepository,
  ): { readonly path: string; readonly mark: string };
  /** Gives everything to the executor's user. */
  handOver(): void;
  run(operation: string, input: JsonObject): Promise<JsonObject>;
}

const plainEnv = {
  PATH: "/usr/bin:/bin",
  HOME: "/nonexistent",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_COUNT: "2",
  GIT_CONFIG_KEY_0: "safe.directory",
  GIT_CONFIG_VALUE_0: "*",
  GIT_CONFIG_KEY_1: "init.defaultBranch",
  GIT_CONFIG_VALUE_1: "main",
  GIT_AUTHOR_NAME: "Somebody",
  GIT_AUTHOR_EMAIL: "somebody@example.com",
  GIT_COMMITTER_NAME: "Somebody",
  GIT_COMMITTER_EMAIL: "somebody@example.com",
};

/** Runs an ordinary git. */
function git(folder: string, ...argv: readonly string[]): string {
  return execFileSync("git", argv, {
    cwd: folder,
    encoding: "utf8",
    env: plainEnv,
    stdio: ["ignore", "pipe", "ignore"],
  });
}

/** Opens a playground. */
export async function openGitPlayground(): Promise<GitPlayground> {
  const root = mkdtempSync(join(tmpdir(), "op-agents-git-"));
  chmodSync(root, 0o755);
  const projects = join(root, "projects");
  mkdirSync(projects);
  writeFileSync(join(root, "outside"), "outside\n");
  await using opened = new AsyncDisposableStack();
  opened.defer(() => rmSync(root, { recursive: true, force: true }));
  const backend = opened.use(await openNativeBackend());
  const config = ExecutorConfig.parse({ folders: [root], projects: [projects], user });
  const pool = opened.use(
    await openAgentPool(
      { backend, specs: [defineExecutor(config)], closeMs: 0 },
      { signal: never },
    ),
  );
  const owned = opened.move();
  const handOver = () => {
    if (user === undefined) return;
    execFileSync("chown", ["-R", `${user.uid}:${user.gid}`, projects]);
  };
  handOver();
  return {
    root,
    projects,
    git,
    makeRepository: (name) => makeRepository(join(projects, name)),
    makeHostile: (name, hostile) => {
      const path = makeRepository(join(projects, name));
      const mark = join(projects, `${name}-mark`);
      makeHostile(path, mark, hostile);
      return { path, mark };
    },
    handOver,
    run: async (operation, input) =>
      (await pool.run({ type: "executor", operation, input }, { signal: never })) as JsonObject,
    [Symbol.asyncDispose]: async () => await owned.disposeAsync(),
  };
}

function makeRepository(path: string): string {
  mkdirSync(join(path, "below"), { recursive: true });
  git(path, "init", "-q");
  git(path, "config", "user.name", "Somebody");
  git(path, "config", "user.email", "somebody@example.com");
  put(path, { "tracked.txt": "a line\n", "below/file.txt": "below\n" });
  git(path, "add", ".");
  git(path, "commit", "-q", "-m", "first");
  put(path, { "tracked.txt": "a line\nanother line\n" });
  git(path, "commit", "-q", "-a", "-m", "second");
  put(path, { "tracked.txt": "a line\nanother line\na third line\n", "new.txt": "new\n" });
  return path;
}

function makeHostile(path: string, mark: string, hostile: HostileRepository): void {
  const payload = join(dirname(path), "payload-of-" + mark.split("/").at(-1));
  const signer = join(dirname(path), "signer");
  // Reading what it is given, so that whoever starts it does not fail.
  const script = `#!/bin/sh\ntouch ${mark}\ncat\n`;
  writeFileSync(payload, script);
  writeFileSync(
    signer,
    "#!/bin/sh\ncat >/dev/null\necho '[GNUPG:] SIG_CREATED ' >&2\nprintf -- '-----BEGIN PGP SIGNATURE-----\\n\\nx\\n-----END PGP SIGNATURE-----\\n'\n",
  );
  for (const program of [payload, signer]) chmodSync(program, 0o755);
  const fill = (text: string) =>
    text
      .replaceAll("{payload}", payload)
      .replaceAll("{script}", script)
      .replaceAll("{signer}", signer)
      .replaceAll("{repository}", path);
  for (const [first, ...rest] of hostile.before ?? []) {
    if (first === "submodule-of-ours") makeSubmodule(path, payload);
    else git(path, ...[first ?? "", ...rest].map(fill));
  }
  const files = Object.entries(hostile.files ?? {});
  put(path, Object.fromEntries(files.map(([name, text]) => [name, fill(text)])));
  for (const [name, value] of Object.entries(hostile.config ?? {})) {
    git(path, "config", name, fill(value));
  }
  rmSync(mark, { force: true });
}

/** A repository in the repository, whose own configuration runs something. */
function makeSubmodule(path: string, payload: string): void {
  const sub = join(path, "sub");
  mkdirSync(sub);
  git(sub, "init", "-q");
  put(sub, { "file.txt": "x\n" });
  git(sub, "add", ".");
  git(sub, "commit", "-q", "-m", "sub");
  git(path, "add", "sub");
  git(path, "commit", "-q", "-m", "sub");
  put(sub, { "file.txt": "changed\n" });
  git(sub, "config", "core.fsmonitor", payload);
}

function put(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
    if (name.includes("hooks/")) chmodSync(join(folder, name), 0o755);
  }
}

/** Whether a program has left its mark. */
export function hasRun(mark: string): boolean {
  return existsSync(mark);
}

/** What is in a folder. */
export function namesIn(folder: string): readonly string[] {
  return readdirSync(folder).toSorted();
}
