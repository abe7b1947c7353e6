import { execFile } from "node:child_process";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { openScratch } from "../scratch.ts";

const run = promisify(execFile);
const driver = fileURLToPath(new URL("../fixtures/refusal-driver.ts", import.meta.url));
const node = [process.execPath, "--conditions=@op-mcp/source", driver];

/** Runs the driver after preparing a mount that only it sees. */
async function attempt(mount: string, args: readonly string[]): Promise<unknown> {
  const script = `${mount}\nexec "$@"`;
  const shell = ["--mount", "--propagation", "private", "sh", "-ec", script, "sh"];
  const { stdout } = await run("unshare", [...shell, ...node, ...args]);
  return JSON.parse(stdout);
}

const two = JSON.stringify({ "/a": { content: "a" }, "/b": { content: "b".repeat(20_000) } });

describe.skipIf(process.geteuid?.() !== 0)(
  "what cannot work is refused before anything changes",
  () => {
    it("on a read-only file system", async () => {
      await using scratch = await openScratch();
      const root = scratch.path;
      const mount = `mount -t tmpfs -o ro tmpfs ${root}`;
      expect(await attempt(mount, [root, two])).toMatchObject({
        code: "ERR_STATE_REFUSED",
        message: expect.stringContaining("files:/a: the file system of / is read-only"),
        isUnchanged: true,
        runs: [],
      });
    });

    it("on a full disk", async () => {
      await using scratch = await openScratch();
      const root = scratch.path;
      const mount = `mount -t tmpfs -o size=16k tmpfs ${root}`;
      expect(await attempt(mount, [root, two])).toMatchObject({
        code: "ERR_STATE_REFUSED",
        message: expect.stringContaining("files:/b: there is no space left"),
        isUnchanged: true,
        runs: [],
      });
    });

    it("without the permission", async () => {
      await using scratch = await openScratch();
      await chmod(scratch.path, 0o755);
      await mkdir(join(scratch.path, "locked"));
      const files = JSON.stringify({ "/locked/a": { content: "a" } });
      expect(await attempt("", [scratch.path, files, "65534"])).toMatchObject({
        code: "ERR_STATE_REFUSED",
        message: expect.stringContaining("/locked may not be written to"),
        isUnchanged: true,
        runs: [],
      });
    });
  },
);

describe.skipIf(process.geteuid?.() !== 0)("a disk that fills up meanwhile", () => {
  it("leaves everything as it was", async () => {
    await using scratch = await openScratch();
    const root = scratch.path;
    await writeFile(join(root, "outside"), "not on the small disk");
    const mount = `mount -t tmpfs -o size=64k tmpfs ${root}\necho before > ${root}/b`;
    expect(await attempt(mount, [root, two, "0", "/b"])).toMatchObject({
      code: "ERR_STATE_RUN",
      message: expect.stringContaining("ENOSPC"),
      isUnchanged: true,
      runs: [{ status: "undone" }],
    });
  });
});
