import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect } from "vitest";
import { Installation } from "./installation.ts";
import { TerminalRun } from "./terminal-run.ts";
import { verifies } from "./verifies.ts";

const run = promisify(execFile);
const app = fileURLToPath(new URL("../../", import.meta.url));

/** Where only the run itself sees what is mounted, op-mcp is where everybody may read it. */
const prepare = `
  mount -t tmpfs tmpfs /mnt
  mkdir /mnt/app
  mount --rbind ${app} /mnt/app
  touch /mnt/node
  mount --bind ${process.execPath} /mnt/node
`;
const nobody = "setpriv --reuid=65534 --regid=65534 --clear-groups";
const noBus = { DBUS_SYSTEM_BUS_ADDRESS: "" };

interface Attempt {
  /** Mounts what cannot be written to. */
  readonly mount?: string;
  /** Who applies. */
  readonly as?: string;
}

/** Applies two files, in a mount namespace of its own, and says how that ended and what is there after it. */
async function attempt(root: string, { mount = "", as = "" }: Attempt): Promise<string> {
  await using installation = await Installation.create(noBus);
  await chmod(installation.home, 0o777);
  const files = {
    [`${root}/first`]: { content: "first" },
    [`${root}/second`]: { content: "second".repeat(4000) },
  };
  const file = join(installation.home, "desired.json");
  await writeFile(file, JSON.stringify({ version: 1, state: { files } }));
  const opMcp = `${as} /mnt/node /mnt/app/bin/op-mcp.cjs state`;
  const script = `${prepare}
    ${mount}
    ${opMcp} apply ${file} --yes 2>&1 || echo "ended with $?"
    echo "left: $(ls -A ${root})"
    ${opMcp} history`;
  const args = ["--mount", "--propagation", "private", "sh", "-ec", script];
  const { stdout } = await run("unshare", args, { env: installation.env });
  return stdout;
}

const untouched = "ended with 1\nleft: \nThere are no runs yet.\n";

describe.skipIf(process.geteuid?.() !== 0)("what cannot work", () => {
  verifies("state.refused", "by the binary, on three machines that are not in order", async () => {
    await using place = await Installation.create();
    await chmod(place.home, 0o755);
    const root = join(place.home, "root");
    await mkdir(root);
    const [locked, readOnly, full] = await Promise.all([
      attempt(root, { as: nobody }),
      attempt(root, { mount: `mount -t tmpfs -o ro tmpfs ${root}` }),
      attempt(root, { mount: `mount -t tmpfs -o size=16k tmpfs ${root}` }),
    ]);
    for (const output of [locked, readOnly, full]) {
      expect(output).toContain("nothing was changed");
      expect(output.endsWith(untouched), output).toBe(true);
    }
    expect(locked).toContain(
      `${root} may not be written to by the user 65534: run op-mcp as one who may, or permit it.`,
    );
    expect(readOnly).toContain(`the file system of ${root} is read-only: mount it writable.`);
    expect(full).toContain("there is no space left for it (24576 bytes): free some.");
  });
});

/** Desired state of some files of one folder. */
function filesOf(folder: string, count: number, content: string): string {
  const entries = Array.from({ length: count }, (_, index) => [
    `${folder}/${index}`,
    { content: `${content}\n` },
  ]);
  return JSON.stringify({ version: 1, state: { files: Object.fromEntries(entries) } });
}

interface Span {
  readonly status: string;
  readonly at: string;
  readonly endedAt: string;
}

async function spansOf(installation: Installation): Promise<readonly Span[]> {
  const { stdout } = await installation.run(["state", "history", "--json"]);
  const { runs }: { readonly runs: readonly Span[] } = JSON.parse(stdout);
  return runs.toReversed();
}

describe("a plan that no longer fits", () => {
  verifies("state.stale", "because a file changed while a person read it", async () => {
    await using installation = await Installation.create(noBus);
    const motd = await installation.write("motd/0", "hello\n");
    const file = await installation.write("a.json", filesOf(join(motd, ".."), 2, "be kind"));
    using reader = new TerminalRun(installation, ["state", "apply", file]);
    await reader.asked();
    await writeFile(motd, "by hand\n");
    const refused = await reader.answer("y");
    expect(refused).toContain(`because the system changed: files:${motd}`);
    expect(refused).toContain("Plan again");
    expect(await readFile(motd, "utf8")).toBe("by hand\n");
    expect(await spansOf(installation)).toEqual([]);
  });

  verifies("state.stale", "because somebody else applied another meanwhile", async () => {
    await using installation = await Installation.create({ ...noBus, NO_COLOR: "1" });
    const folder = join(installation.home, "shared");
    await mkdir(folder);
    const words = ["ada", "grace"];
    const files = await Promise.all(
      words.map((word) => installation.write(`${word}.json`, filesOf(folder, 30, word))),
    );
    using ada = new TerminalRun(installation, ["state", "apply", files[0] ?? ""]);
    using grace = new TerminalRun(installation, ["state", "apply", files[1] ?? ""]);
    await Promise.all([ada.asked(), grace.asked()]);
    const outputs = await Promise.all([ada.answer("y"), grace.answer("y")]);
    const winner = outputs.findIndex((output) => output.includes("Done: run 1 completed."));
    expect(outputs[1 - winner]).toContain("because the system changed: files:");
    const contents = Array.from({ length: 30 }, (_, index) =>
      readFile(join(folder, String(index)), "utf8"),
    );
    expect(new Set(await Promise.all(contents))).toEqual(new Set([`${words[winner] ?? ""}\n`]));
  });

  verifies("state.stale", "is none of those that do not concern each other", async () => {
    await using installation = await Installation.create(noBus);
    const folders = ["a", "b", "c"].map((name) => join(installation.home, name));
    const appliers = folders.map(async (folder) => {
      await mkdir(folder);
      return await installation.run(["state", "apply", "--yes", "-"], filesOf(folder, 30, "x"));
    });
    for (const { code, stderr } of await Promise.all(appliers)) expect(code, stderr).toBe(0);
    const spans = await spansOf(installation);
    expect(spans.map(({ status }) => status)).toEqual(["completed", "completed", "completed"]);
    for (const [index, { at }] of spans.entries()) {
      const before = spans[index - 1];
      if (before !== undefined) expect(at >= before.endedAt).toBe(true);
    }
  });
});
