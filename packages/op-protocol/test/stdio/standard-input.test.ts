import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const program = `
  import { openStandardInput } from "op-protocol";
  const input = openStandardInput();
  input.on("data", (chunk) => process.stdout.write(String(chunk).toUpperCase()));
  input.once("end", () => process.stdout.write("."));
`;
const argv = ["--conditions=@op-mcp/source", "--input-type=module", "-e", program];
const cwd = new URL(".", import.meta.url).pathname;

test("is read to its end where it is a socket", async () => {
  const child = spawn(process.execPath, argv, { cwd, stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.write("hello ");
  expect(String((await once(child.stdout, "data"))[0])).toBe("HELLO ");
  child.stdin.end("world");
  expect(await text(child.stdout)).toBe("WORLD.");
});

test.each([
  ["a pipe", 'printf "some words" | "$0" "$@"', "SOME WORDS."],
  ["/dev/null", '"$0" "$@" < /dev/null', "."],
  ["closed", '"$0" "$@" <&-', "."],
])("is read to its end where it is %s", async (_what, script, expected) => {
  const run = promisify(execFile);
  const { stdout } = await run("/bin/sh", ["-c", script, process.execPath, ...argv], { cwd });
  expect(stdout).toBe(expected);
});

test("is read to its end where it is a file", async () => {
  const folder = await mkdtemp(join(tmpdir(), "standard-input-"));
  try {
    await writeFile(join(folder, "input"), "of a file");
    await using file = await open(join(folder, "input"));
    const { stdout } = spawn(process.execPath, argv, { cwd, stdio: [file.fd, "pipe", "inherit"] });
    expect(stdout === null ? "" : await text(stdout)).toBe("OF A FILE.");
  } finally {
    await rm(folder, { recursive: true });
  }
});
