import { execFileSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JsonObject, JsonValue } from "op-core";
import { FileConfig } from "../../../src/config.ts";
import { defineFileAgent } from "../../../src/agents/index.ts";
import {
  openAgentPool,
  openNativeBackend,
  type AgentPool,
  type TaskRequest,
} from "../../../src/index.ts";
import { never } from "../../fixtures/pools.ts";

/** What nobody may ever read through the agent. */
export const secret = "TOP-SECRET-4711";

/** Whom the agent works as; the tests may run as root. */
const user = process.getuid?.() === 0 ? { uid: 4711, gid: 4712 } : undefined;

/** A real file agent, with a folder to write, one to read, and one beside them to stay out of. */
export interface FilePlayground extends AsyncDisposable {
  readonly pool: AgentPool;
  /** Puts the real folders into a text: `{work}`, `{shown}`, `{outside}`, `{root}`. */
  place(text: string): string;
  /** All names in all folders, to see whether anything was changed. */
  list(): readonly string[];
  run(operation: string, input: JsonValue, more?: Partial<TaskRequest>): Promise<JsonObject>;
}

/** Opens a playground. */
export async function openFilePlayground(
  config: Partial<FileConfig> = {},
): Promise<FilePlayground> {
  const root = mkdtempSync(join(tmpdir(), "op-agents-test-"));
  const [work, shown, outside] = ["work", "shown", "workshop"].map((name) => join(root, name));
  const folders = { work: work ?? "", shown: shown ?? "", outside: outside ?? "", root };
  fill(folders);
  await using opened = new AsyncDisposableStack();
  opened.defer(() => rmSync(root, { recursive: true, force: true }));
  const backend = opened.use(await openNativeBackend());
  const whose = { writable: [folders.work], readable: [folders.shown], user };
  const spec = defineFileAgent(FileConfig.parse({ ...whose, ...config }));
  // The sandbox shows what it would hide, so that the agent's own check is what is tested.
  const { readable = [] } = spec.sandbox;
  const shownToo = { ...spec.sandbox, readable: [...readable, folders.outside, "/etc", "/var"] };
  const pool = opened.use(
    await openAgentPool(
      { backend, specs: [{ ...spec, sandbox: shownToo }], closeMs: 0 },
      { signal: never },
    ),
  );
  const owned = opened.move();
  return {
    pool,
    place: (text) =>
      Object.entries(folders).reduce(
        (found, [name, to]) => found.replaceAll(`{${name}}`, to),
        text,
      ),
    list: () =>
      // Node would follow the links.
      execFileSync("find", [root, "-printf", "%P %y %s\\n"], { encoding: "utf8" })
        .split("\n")
        .toSorted(),
    run: async (operation, input, more) =>
      (await pool.run(
        { type: "file", operation, input, ...more },
        { signal: never },
      )) as JsonObject,
    [Symbol.asyncDispose]: async () => await owned.disposeAsync(),
  };
}

interface Folders {
  readonly work: string;
  readonly shown: string;
  readonly outside: string;
  readonly root: string;
}

function fill({ work, shown, outside, root }: Folders): void {
  chmodSync(root, 0o755);
  for (const folder of [work, shown, outside, join(work, "logs"), join(work, ".ssh")]) {
    mkdirSync(folder);
  }
  mkdirSync(join(work, "src", "deep"), { recursive: true });
  const put = (folder: string, name: string, content: string | Buffer) =>
    writeFileSync(join(folder, name), content);
  put(work, "notes.txt", "one\ntwo\nthree\nfour 4\n");
  put(work, "logs/app.log", "INFO start\nERROR it broke\nINFO end\n");
  put(work, "logs/app.log.1", "ERROR older\n");
  put(work, "src/main.ts", "export const answer = 42;\n");
  put(work, "src/deep/note.md", "# Grüße\nTODO: nothing\n");
  put(work, "src/generated.js", "TODO never found\n");
  put(work, ".gitignore", "# what is made\n*.js\n/logs/*.1\n");
  put(work, ".hidden", "TODO hidden\n");
  put(work, ".ssh/id", secret);
  put(work, "id_rsa", secret);
  put(work, "grüße.txt", "hallo\n");
  put(work, "with space (1).txt", "spaced\n");
  put(work, "binary.bin", Buffer.from([0, 1, 2, 255]));
  put(work, "wide.txt", Buffer.from("\uFEFFwide\n", "utf16le"));
  put(work, "old.txt", Buffer.from("caf\u00E9\n", "latin1"));
  put(work, "evil\u001B[31m.txt", "plain\n");
  put(shown, "read-only.txt", "look\n");
  put(outside, "secret.txt", `${secret}\n`);
  put(work, "foreign.txt", "somebody else's\n");
  chmodSync(join(work, "foreign.txt"), 0o666);
  symlinkSync(outside, join(work, "link"));
  symlinkSync(join(outside, "secret.txt"), join(work, "link.txt"));
  symlinkSync("../workshop/secret.txt", join(work, "up.txt"));
  symlinkSync("/proc/self", join(work, "self"));
  symlinkSync("/dev/zero", join(work, "zero"));
  symlinkSync("/etc/passwd", join(work, "passwd"));
  symlinkSync("loop", join(work, "loop"));
  symlinkSync("notes.txt", join(work, "inner.txt"));
  symlinkSync("logs", join(work, "inner-logs"));
  symlinkSync(join(work, "src"), join(shown, "to-work"));
  symlinkSync("missing", join(work, "dangling"));
  symlinkSync(join(outside, "new.txt"), join(work, "dangling-out"));
  execFileSync("mkfifo", [join(work, "pipe")]);
  if (user !== undefined) own(work, user);
}

/** Gives a tree to the agent's user, except what is named foreign. */
function own(folder: string, { uid, gid }: { readonly uid: number; readonly gid: number }): void {
  chownSync(folder, uid, gid);
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const stats = lstatSync(path);
    if (stats.isDirectory()) own(path, { uid, gid });
    else if (stats.isFile() && !name.startsWith("foreign")) chownSync(path, uid, gid);
  }
}
