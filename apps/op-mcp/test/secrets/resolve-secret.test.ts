import { execFileSync } from "node:child_process";
import { chmod, chown, mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { createManualClock } from "op-core/testing";
import { describe, expect, test } from "vitest";
import { resolveSecret } from "../../src/secrets/resolve-secret.ts";
import { openTempFolder } from "./temp-folder.ts";

const signal = new AbortController().signal;
const env = { PATH: process.env["PATH"] };

async function reveal(ref: string, more: Readonly<Record<string, string>> = {}): Promise<string> {
  using secret = await resolveSecret(ref, { signal, env: { ...env, ...more } });
  return secret.reveal();
}

async function fileWith(folder: string, text: string, mode = 0o600): Promise<string> {
  const path = join(folder, "secret");
  await writeFile(path, text, { mode });
  await chmod(path, mode);
  return path;
}

describe("a secret in a file", () => {
  test.each([
    ["s3cret", "s3cret"],
    ["s3cret\n", "s3cret"],
    ["s3cret\r\n", "s3cret"],
    ["s3cret\n\n", "s3cret\n"],
    [" s3cret ", " s3cret "],
  ])("%j is read as %j", async (text, expected) => {
    await using folder = await openTempFolder();
    expect(await reveal(`file:${await fileWith(folder.path, text)}`)).toBe(expected);
  });

  test.each([0o640, 0o604, 0o620, 0o666])("is refused with mode %o", async (mode) => {
    await using folder = await openTempFolder();
    const path = await fileWith(folder.path, "s3cret", mode);
    await expect(reveal(`file:${path}`)).rejects.toMatchObject({
      code: "ERR_SECRET_EXPOSED",
      advice: expect.stringContaining(`chmod 600 ${path}`),
    });
  });

  test.runIf(process.geteuid?.() === 0)("is refused when it belongs to another", async () => {
    await using folder = await openTempFolder();
    const path = await fileWith(folder.path, "s3cret");
    await chown(path, 12_345, 12_345);
    await expect(reveal(`file:${path}`)).rejects.toMatchObject({ code: "ERR_SECRET_EXPOSED" });
  });

  test("is followed through links, and checked at their end", async () => {
    await using folder = await openTempFolder();
    const path = await fileWith(folder.path, "s3cret");
    const link = join(folder.path, "link");
    await symlink(path, link);
    expect(await reveal(`file:${link}`)).toBe("s3cret");
    await chmod(path, 0o644);
    await expect(reveal(`file:${link}`)).rejects.toMatchObject({ code: "ERR_SECRET_EXPOSED" });
  });

  test("says what is wrong when there is none, nothing in it, or something else", async () => {
    await using folder = await openTempFolder();
    const missing = join(folder.path, "missing");
    await expect(reveal(`file:${missing}`)).rejects.toMatchObject({
      code: "ERR_SECRET_UNAVAILABLE",
      message: `The secret file:${missing} cannot be read: it does not exist.`,
    });
    await expect(reveal(`file:${await fileWith(folder.path, "\n")}`)).rejects.toThrow("is empty");
    await expect(reveal(`file:${folder.path}`)).rejects.toThrow("not a regular file");
    const pipe = join(folder.path, "pipe");
    execFileSync("mkfifo", [pipe]);
    await expect(reveal(`file:${pipe}`)).rejects.toThrow("not a regular file");
    const long = await fileWith(folder.path, "x".repeat(2 ** 20 + 1));
    await expect(reveal(`file:${long}`)).rejects.toThrow("longer than");
  });
});

describe("a secret elsewhere", () => {
  test("is a variable", async () => {
    expect(await reveal("env:TOKEN", { TOKEN: "s3cret" })).toBe("s3cret");
    await expect(reveal("env:TOKEN")).rejects.toThrow("The secret env:TOKEN cannot be read");
  });

  test("is a credential of systemd, as systemd protects it", async () => {
    await using folder = await openTempFolder();
    const directory = join(folder.path, "credentials");
    await mkdir(directory, { mode: 0o750 });
    await writeFile(join(directory, "token"), "s3cret", { mode: 0o440 });
    expect(await reveal("credential:token", { CREDENTIALS_DIRECTORY: directory })).toBe("s3cret");
    await expect(reveal("credential:token")).rejects.toMatchObject({
      advice: "Add LoadCredential=token:/path to the unit.",
    });
  });

  test("is what a program writes, without a shell", async () => {
    expect(await reveal("command:echo  $HOME;id")).toBe("$HOME;id");
    expect(await reveal('command:["printf", "%s", "a  b"]')).toBe("a  b");
    await expect(reveal("command:false s3cret-argument")).rejects.toMatchObject({
      code: "ERR_SECRET_UNAVAILABLE",
      message: expect.not.stringContaining("s3cret-argument"),
    });
    await expect(reveal("command:/nowhere/program")).rejects.toThrow("it does not exist");
    await expect(reveal("command:yes")).rejects.toThrow("more than 65536 bytes");
  });

  test("a program that takes too long is killed with what it started", async () => {
    const clock = createManualClock();
    const resolving = resolveSecret('command:["sh", "-c", "sleep 600 & wait"]', {
      signal,
      env,
      clock,
    });
    const outcome = resolving.catch((error: unknown) => error);
    while (clock.pendingTimers === 0) await clock.advance(0);
    await clock.advance(30_000);
    expect(await outcome).toMatchObject({ code: "ERR_DEADLINE_EXCEEDED" });
  });

  test("is given up when the caller leaves", async () => {
    const controller = new AbortController();
    const reason = new Error("leaving");
    const resolving = resolveSecret("command:sleep 600", { signal: controller.signal, env });
    controller.abort(reason);
    await expect(resolving).rejects.toBe(reason);
  });
});

describe("a reference that is none", () => {
  test.each([
    "hunter2-hunter2",
    "https://hunter2@example.org",
    "file:hunter2",
    "env:hunter2-x",
    "credential:../hunter2",
    "credential:..",
    "command:",
    'command:["hunter2", 1]',
    "command:[hunter2",
    "",
  ])("%j is refused without being repeated", async (ref) => {
    await expect(reveal(ref)).rejects.toMatchObject({
      code: "ERR_SECRET_REFERENCE",
      message: expect.not.stringContaining("hunter2"),
    });
  });
});
