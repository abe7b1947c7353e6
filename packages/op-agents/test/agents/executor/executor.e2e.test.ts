import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it, test } from "vitest";
import { benignCorpus } from "./benign-corpus.ts";
import { escapeCorpus } from "./escape-corpus.ts";
import { openPlayground, secret } from "./playground.ts";

const playground = await openPlayground();
afterAll(async () => await playground[Symbol.asyncDispose](), 60_000);
const before = playground.list();

test("there are enough cases", () => {
  expect(escapeCorpus.length).toBeGreaterThanOrEqual(300);
  expect(benignCorpus.length).toBeGreaterThanOrEqual(130);
});

describe("what does harm is refused, with the reason", () => {
  it.each(
    escapeCorpus.map(({ argv, cwd }) => ({
      argv,
      cwd,
      name: JSON.stringify([...argv, ...(cwd === undefined ? [] : [`in ${cwd}`])]).slice(0, 90),
    })),
  )("$name", async ({ argv, cwd }) => {
    const running = playground.run(
      argv.map((word) => playground.place(word)),
      cwd === undefined ? {} : { cwd: playground.place(cwd) },
    );
    const error = await running.then(
      (answer) => expect.fail(`It ran: ${JSON.stringify(answer).slice(0, 200)}`),
      (thrown: Error & { data: unknown }) => thrown,
    );
    expect(error).toMatchObject({ data: { reason: "ERR_COMMAND_REFUSED" } });
    expect(error.message).toMatch(/was refused: .{10}/u);
    expect(error.message).not.toContain(secret);
    expect(error.message).toMatch(/^[\P{Cc}]*$/u);
  });

  test("and nothing was written", () => {
    expect(playground.list()).toEqual(before);
  });
});

describe("what people ordinarily ask for is done", () => {
  it.each(benignCorpus.map((argv) => ({ argv, name: argv.join(" ") })))(
    "$name",
    async ({ argv }) => {
      const answer = await playground.run(argv.map((word) => playground.place(word)));
      expect(answer).toMatchObject({
        exitCode: expect.any(Number),
        isTimedOut: false,
        isTruncated: false,
      });
      expect(answer.exitCode, answer.stderr).toBeLessThanOrEqual(1);
      expect(answer.stdout + answer.stderr).not.toContain(secret);
    },
  );
});

describe("a command", () => {
  it("prints what it prints, in the folder that was asked for", async () => {
    const cwd = playground.place("{work}/logs");
    expect(await playground.run(["pwd"], { cwd })).toMatchObject({ stdout: `${cwd}\n` });
    expect(await playground.run(["cat", "app.log"], { cwd })).toEqual({
      stdout: "INFO start\nERROR it broke\nINFO end\n",
      stderr: "",
      exitCode: 0,
      signal: null,
      isTimedOut: false,
      isTruncated: false,
    });
  });

  it("reports its output while it comes, and its exit code", async () => {
    const seen: unknown[] = [];
    const answer = await playground.run(["grep", "nowhere", "notes.txt"], {
      onProgress: (data) => seen.push(data),
    });
    expect(answer.exitCode).toBe(1);
    await playground.run(["head", "-n", "1", "notes.txt"], {
      onProgress: (data) => seen.push(data),
    });
    expect(seen).toEqual([{ stream: "stdout", text: "one\n" }]);
  });

  it("prints nothing that a terminal or a reader would obey", async () => {
    const { stdout } = await playground.run(["ls"]);
    expect(stdout).toContain("evil?[31m.txt");
    const shown = await playground.run(["grep", "-rh", "plain", "."]);
    expect(shown.stdout).toBe("\uFFFD]0;title\uFFFDplain\uFFFDtxt\n");
  });

  it("sees nothing of the executor's environment, and can't read the executor", async () => {
    const { stdout } = await playground.run(["ps", "-o", "args"]);
    expect(stdout).not.toContain(secret);
    await expect(playground.run(["cat", "/proc/self/environ"])).rejects.toThrow("was refused");
  });

  it.each([
    { words: ["cat", "{turning}/id"], harmless: "harmless\n" },
    { words: ["head", "-v", "{turning}/id"], harmless: "==> {turning}/id <==\nharmless\n" },
    { words: ["grep", "-rn", "", "{turning}"], harmless: "{turning}/id:1:harmless\n" },
    { words: ["wc", "-c", "{turning}/id"], harmless: "9 {turning}/id\n" },
    { words: ["ls", "{turning}"], harmless: "id\n" },
  ])(
    "$words.0 reads what was checked, whatever its folder becomes",
    async ({ words, harmless }) => {
      const turning = playground.place("{work}/turning");
      mkdirSync(turning);
      writeFileSync(join(turning, "id"), "harmless\n");
      // Anybody may read it, and it lies in a folder for commands; its name alone forbids it.
      symlinkSync(".ssh", `${turning}.link`);
      const place = (text: string) => text.replaceAll("{turning}", turning);
      const seen = new Set<string>();
      {
        await using _turning = turnForEver(turning);
        for (let tries = 0; tries < 150; tries += 1) {
          const answer = await playground.run(words.map(place)).catch(() => undefined);
          if (answer !== undefined) seen.add(answer.stdout);
        }
      }
      for (const ending of ["", ".link", ".away"]) {
        rmSync(`${turning}${ending}`, { recursive: true, force: true });
      }
      expect([...seen]).toEqual([place(harmless)]);
    },
  );

  it("names what it was given, in whatever order", async () => {
    const names = ["notes.txt", "with space (1).txt", "grüße.txt", "numbers.csv", "names0"];
    const paths = names.map((name) => join(playground.place("{work}"), name));
    const shown = await playground.run(["wc", "-l", ...names]);
    const lines = shown.stdout.trimEnd().split("\n");
    expect(lines.map((line) => line.trim().replace(/^\d+ /u, ""))).toEqual([...paths, "total"]);
    const listed = await playground.run(["ls", ...names]);
    expect(listed.stdout).toBe(`${paths.toSorted().join("\n")}\n`);
    const long = await playground.run(["ls", "-l", "notes.txt"]);
    expect(long.stdout).toMatch(/^-rw.* \/\S+\/notes\.txt\n$/u);
    const used = await playground.run(["du", "-a", "logs"]);
    const logs = playground.place("{work}/logs");
    expect(used.stdout.replaceAll(/^\d+\t/gmu, "")).toBe(`${logs}/app.log\n${logs}\n`);
  });

  it("that chooses files by name takes no files, because those have none", async () => {
    await expect(playground.run(["grep", "--include=*.txt", "o", "notes.txt"])).rejects.toThrow(
      "it chooses among the files of folders, and a file is named",
    );
  });

  it("that searches folders finds no keys", async () => {
    for (const option of ["-r", "-rn", "-ra", "--recursive"]) {
      const answer = await playground.run(["grep", option, "TOP", "."]);
      expect(answer.exitCode, answer.stdout).toBe(1);
    }
  });

  it("that finds no regular form is refused as malformed", async () => {
    for (const input of [
      null,
      [],
      "ls",
      {},
      { argv: [] },
      { argv: "ls" },
      { argv: [1] },
      { argv: ["ls"], timeoutMs: -1 },
      { argv: ["ls"], cwd: 1 },
    ]) {
      const running = playground.pool.run(
        { type: "executor", operation: "execute_command", input },
        { signal: new AbortController().signal },
      );
      await expect(running).rejects.toMatchObject({ data: { reason: "ERR_COMMAND_MALFORMED" } });
    }
  });
});

describe("limits", () => {
  it("end a command that prints too much, and keep what it printed", async () => {
    await using small = await openPlayground({ outputBytes: 10 });
    const answer = await small.run(["cat", "notes.txt"]);
    expect(answer).toMatchObject({ stdout: "one\ntwo\nth", isTruncated: true });
  });

  it("end a command that takes too long", async () => {
    const answer = await playground.run(["top", "-n", "5"], { timeoutMs: 300 });
    expect(answer).toMatchObject({ isTimedOut: true, signal: "SIGKILL", exitCode: null });
  });

  it("of the configuration decide which commands there are", async () => {
    await using small = await openPlayground({ allow: ["ls", "cat", "sh"], block: ["cat"] });
    await expect(small.run(["cat", "notes.txt"])).rejects.toMatchObject({
      advice: "Allowed are: ls.",
    });
    await expect(small.run(["sh", "-c", "id"])).rejects.toThrow("is not allowed");
    expect((await small.run(["ls"])).exitCode).toBe(0);
  });
});

/** Lets a folder be itself and a link to another place, in turn. */
function turnForEver(folder: string): AsyncDisposable {
  const program = `
    const { renameSync } = require("node:fs");
    const [folder, link, away] = process.argv.slice(1);
    const pause = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    for (;;) {
      renameSync(folder, away);
      renameSync(link, folder);
      pause();
      renameSync(folder, link);
      renameSync(away, folder);
      pause();
    }
  `;
  const places = [folder, `${folder}.link`, `${folder}.away`];
  const turning = spawn(process.execPath, ["-e", program, ...places], { stdio: "ignore" });
  const ended = once(turning, "exit");
  return {
    [Symbol.asyncDispose]: async () => {
      turning.kill("SIGKILL");
      await ended;
    },
  };
}
