import { writeFileSync } from "node:fs";
import { afterAll, describe, expect, it, vi } from "vitest";
import { openFilePlayground } from "./file-playground.ts";

// Each pool starts processes, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const playground = await openFilePlayground();
afterAll(async () => await playground[Symbol.asyncDispose]());
const searching = await openFilePlayground({ hasRipgrep: false });
afterAll(async () => await searching[Symbol.asyncDispose]());

describe.each([
  ["ripgrep", playground],
  ["agent", searching],
])("search_files by %s", (by, there) => {
  const here = there.place("{work}");
  const ask: typeof there.run = async (...task) => await there.run(...task);
  const found = async (input: object) => {
    const answer = await ask("search_files", { path: here, ...input });
    if ("text" in input) expect(answer["by"]).toBe(by);
    return answer["matches"] as { path: string }[];
  };

  it("finds lines, and leaves out what .gitignore names, what is hidden, and keys", async () => {
    expect(await found({ text: "TODO" })).toEqual([
      { path: "src/deep/note.md", line: 2, text: "TODO: nothing" },
    ]);
    const all = await found({ text: "TODO", hidden: true, ignored: true });
    expect(all.map(({ path }) => path)).toEqual([
      ".hidden",
      "src/deep/note.md",
      "src/generated.js",
    ]);
    expect(await found({ text: "SECRET", hidden: true, ignored: true })).toEqual([]);
    expect(await found({ text: "ERROR" })).toHaveLength(1);
    expect(await found({ path: `${here}/logs`, text: "ERROR" })).toHaveLength(1);
  });

  it("finds files by their names", async () => {
    expect(await found({ glob: "*.ts" })).toEqual([{ path: "src/main.ts" }]);
    expect(await found({ glob: "src/**/*.{ts,md}" })).toEqual([
      { path: "src/deep/note.md" },
      { path: "src/main.ts" },
    ]);
    expect(await found({ glob: "src/*.md" })).toEqual([]);
  });

  it("takes patterns, and gives up one that never ends", async () => {
    expect(await found({ text: "answer = \\d+", isPattern: true })).toHaveLength(1);
    expect(
      await found({ text: "error (it|they)", isPattern: true, ignoreCase: true }),
    ).toHaveLength(1);
    expect(await found({ text: "a.swer" })).toEqual([]);
    await expect(found({ text: "(", isPattern: true })).rejects.toThrow("the pattern is none");
  });

  it("takes what looks like an option for text", async () => {
    for (const option of ["--pre=/bin/sh", "-e", "--files", "--hidden"]) {
      expect(await found({ text: option })).toEqual([]);
    }
  });

  it("stops at its limit, and says so", async () => {
    expect(await ask("search_files", { path: here, limit: 1 })).toMatchObject({
      matches: [expect.anything()],
      isComplete: false,
    });
  });
});

describe("a pattern that never ends", () => {
  it("is given up", async () => {
    const path = searching.place("{work}");
    writeFileSync(`${path}/long.txt`, `${"x".repeat(3000)}b\n`);
    const input = { path, text: "(x{1,20}){1,20}y", isPattern: true };
    await expect(searching.run("search_files", input)).rejects.toThrow("too long");
  });
});
