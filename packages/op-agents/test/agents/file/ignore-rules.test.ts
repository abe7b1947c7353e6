import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { globMatcher } from "../../../src/agents/file/search/glob-pattern.ts";
import { createIgnoreRules } from "../../../src/agents/file/search/ignore-rules.ts";

const files = [
  "a.log",
  "a.txt",
  "build/out.js",
  "build/keep.txt",
  "src/build/out.js",
  "src/a.log",
  "src/deep/er/a.log",
  "src/deep/er/b.txt",
  "src/deep/b.txt",
  "docs/a/b/c.md",
  "docs/c.md",
  "foo",
  "bar/foo",
  "bar/foo bar",
  "weird[1].txt",
  "#hash",
  "!bang",
  "trailing ",
  "x{a,b}",
  "äöü.txt",
];

const rules: readonly string[] = [
  "*.log",
  "*.log\n!a.log",
  "*.log\n!src/a.log",
  "build/",
  "/build",
  "/build/",
  "build/*\n!build/keep.txt",
  "build/\n!build/keep.txt",
  "**/build",
  "src/**",
  "src/**/b.txt",
  "src/*/b.txt",
  "**/er/*.log",
  "docs/**/c.md",
  "docs/*",
  "docs/*.md",
  "foo",
  "/foo",
  "foo/",
  "bar/foo",
  "ba?/foo",
  "[ab].txt",
  "[!a].txt",
  "a.[a-m]og",
  "weird\\[1].txt",
  "\\#hash",
  "\\!bang",
  "# a comment",
  "trailing\\ ",
  "foo   ",
  "x{a,b}",
  "ä*.txt",
  "*",
  "*\n!*.txt",
  "*\n!*/\n!*.md",
  "",
  "\n\n*.txt\r\n",
];

/** What git ignores, by its own word. */
function ignoredByGit(folder: string): readonly string[] {
  const { stdout } = spawnSync("git", ["check-ignore", "-z", "--stdin", "--no-index"], {
    cwd: folder,
    input: files.join("\0"),
    encoding: "utf8",
    env: { PATH: "/usr/bin:/bin", GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" },
  });
  return stdout.split("\0").filter((name) => name !== "");
}

/** What the rules ignore, asked as a walk asks: what is in an ignored folder is not asked about. */
function ignoredByRules(text: string): readonly string[] {
  const ignore = createIgnoreRules("");
  ignore.add("", text);
  return files.filter((path) => {
    const names = path.split("/");
    return names.some((_, at) =>
      ignore.isIgnored(names.slice(0, at + 1).join("/"), at < names.length - 1),
    );
  });
}

describe("rules of .gitignore", () => {
  it.each(rules)("%j are taken as git takes them", (text) => {
    const folder = mkdtempSync(join(tmpdir(), "op-agents-test-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    execFileSync("git", ["init", "-q"], { cwd: folder });
    for (const name of files) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), "");
    }
    writeFileSync(join(folder, ".gitignore"), text);
    expect(ignoredByRules(text)).toEqual(ignoredByGit(folder));
  });

  it("of inner folders go before those of outer ones", () => {
    const ignore = createIgnoreRules("repository/src");
    ignore.add("", "*.log\n");
    ignore.add("repository/src", "!a.log\n");
    ignore.add("repository/src/deep", "*.txt\n");
    const isIgnored = (path: string) => ignore.isIgnored(path, false);
    expect(["a.log", "b.log", "deep/a.txt", "a.txt"].map(isIgnored)).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });
});

describe("globs", () => {
  it.each([
    ["*.ts", ["a.ts", "src/a.ts"], ["a.tsx", "ts"]],
    ["src/*.ts", ["src/a.ts"], ["a.ts", "src/b/a.ts", "x/src/a.ts"]],
    ["**/*.ts", ["a.ts", "src/b/a.ts"], ["a.js"]],
    ["src/**", ["src/a", "src/b/c"], ["src", "a"]],
    ["./src/*.ts", ["src/a.ts"], ["a.ts"]],
    ["*.{ts,md}", ["a.ts", "b/a.md"], ["a.js", "a.ts,md"]],
    ["[a-c]?.txt", ["ax.txt", "cy.txt"], ["dx.txt", "a.txt", "a/.txt"]],
    ["[!a]*", ["b"], ["a"]],
    ["a+b (1)^$.txt", ["a+b (1)^$.txt"], ["aab (1)^$.txt"]],
    ["\\*", ["*"], ["a"]],
    ["grüße*", ["grüße.txt"], ["gruesse.txt"]],
  ])("%s", (glob, taken, left) => {
    const matches = globMatcher(glob);
    const isTaken = (path: string) => matches?.(path, path.split("/").at(-1) ?? "");
    expect(taken.filter(isTaken)).toEqual(taken);
    expect(left.filter(isTaken)).toEqual([]);
  });
});
