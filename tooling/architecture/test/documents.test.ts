import { existsSync, globSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { renderDocuments } from "../src/documents.ts";
import { readText, rootFolder } from "../src/workspace.ts";
import { expectNone } from "./expect-none.ts";

const documents = [
  ...globSync("*.md", { cwd: rootFolder }),
  ...globSync("{docs,packages,apps,tooling}/**/*.md", {
    cwd: rootFolder,
    exclude: ["**/node_modules/**"],
  }),
];

describe("generated documents", async () => {
  test.each([...(await renderDocuments())])("%s is what the code says", (path, text) => {
    const advice = `Run pnpm run docs and commit ${path}.`;
    expect(existsSync(join(rootFolder, path)), advice).toBe(true);
    expect(readText(path), advice).toBe(text);
  });
});

describe("documents", () => {
  test("every relative link leads to a file", () => {
    expectNone(
      documents.flatMap((path) =>
        linksOf(readText(path))
          .filter((link) => !existsSync(join(rootFolder, dirname(path), link)))
          .map((link) => `${path}: ${link}`),
      ),
      { because: "a broken link ends the reading.", instead: "correct the link or remove it." },
    );
  });

  test("every path of the checkout that a document names exists", () => {
    expectNone(
      documents.flatMap((path) =>
        pathsOf(readText(path))
          .filter((named) => !existsSync(join(rootFolder, named)))
          .map((named) => `${path}: ${named}`),
      ),
      {
        because: "who follows a document to a place that is gone stops trusting the rest of it.",
        instead: "correct the path or remove it.",
      },
    );
  });

  test("every pnpm command that a document names exists", () => {
    const { scripts } = z
      .object({ scripts: z.record(z.string(), z.string()) })
      .parse(JSON.parse(readText("package.json")));
    expectNone(
      documents.flatMap((path) =>
        commandsOf(readText(path))
          .filter((command) => !pnpmCommands.has(command) && !isScript(command, scripts))
          .map((command) => `${path}: pnpm ${command}`),
      ),
      {
        because: "people type what a document says.",
        instead: "add the script to package.json, or correct the document.",
      },
    );
  });
});

/** Commands of pnpm, and of tools that it runs. */
const pnpmCommands = new Set(["add", "changeset", "dlx", "exec", "install", "pack"]);

/** Scripts that need `pnpm run`, because pnpm has a command of the same name. */
const shadowedScripts = new Set(["docs"]);

function isScript(command: string, scripts: Readonly<Record<string, string>>): boolean {
  const name = command.replace(/^run /u, "");
  return name in scripts && (name !== command || !shadowedScripts.has(name));
}

function linksOf(markdown: string): string[] {
  const prose = markdown.replaceAll(/^```.*?^```/gmsu, "");
  return [...prose.matchAll(/\]\(([^)\s#]+)(?:#[^)]*)?\)/gu)]
    .flatMap(([, link]) => link ?? [])
    .filter((link) => !/^[a-z]+:/u.test(link));
}

/** Paths from the root, in backticks; those with a placeholder or a wildcard are none. */
function pathsOf(markdown: string): string[] {
  const pattern = /`((?:apps|packages|tooling|docs)\/[\w./-]+)`/gu;
  return [...markdown.matchAll(pattern)].flatMap(([, path]) => path ?? []);
}

function commandsOf(markdown: string): string[] {
  const pattern = /(?:^|[`$ ])(?:npx -y )?pnpm(?:@[\d.]+)? ((?:run )?[a-z][\w-]*)/gmu;
  const code = [...markdown.matchAll(/```.*?```|`[^`\n]+`/gsu)].map(([text]) => text).join("\n");
  return [...code.matchAll(pattern)].flatMap(([, command]) => command ?? []);
}
