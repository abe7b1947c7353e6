import { existsSync, globSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "vitest";
import { entriesOf, libraries, members, products, readText, rootFolder } from "../src/workspace.ts";
import { expectNone } from "./expect-none.ts";

function has(path: string): boolean {
  return existsSync(join(rootFolder, path));
}

const changesets = globSync(".changeset/*.md", { cwd: rootFolder }).map(readText).join("\n");

describe("packages", () => {
  test("every member of the workspace has a README and the license", () => {
    expectNone(
      members.flatMap(({ path, manifest }) => [
        ...(has(`${path}/README.md`) ? [] : [`${path} has no README.md`]),
        ...(manifest.license === "Apache-2.0" ? [] : [`${path} has another license`]),
      ]),
      {
        because:
          "whoever opens a folder must learn there what it owns and what it may be used for.",
        instead: "write a README.md that says what it owns, and set the license to Apache-2.0.",
      },
    );
  });

  test("the README of every library has an example in TypeScript", () => {
    expectNone(
      libraries
        .filter(({ path }) => has(`${path}/README.md`))
        .filter(({ path }) => !readText(`${path}/README.md`).includes("\n```ts\n"))
        .map(({ path }) => path),
      {
        because: "an example that runs is the shortest way in; tooling/consumer-check runs it.",
        instead: "add a ```ts block that imports the package by name and prints something.",
      },
    );
  });

  test("every library pins its exports by a snapshot", () => {
    expectNone(
      libraries.map(({ path }) => `${path}/test/exports.test.ts`).filter((path) => !has(path)),
      {
        because: "a change of the public API must be a visible line of the diff.",
        instead: "add a test with the sorted names of the entry's exports as inline snapshot.",
      },
    );
  });

  test("every library says that importing it has no side effect", () => {
    expectNone(
      libraries.filter(({ manifest }) => manifest.sideEffects !== false).map(({ path }) => path),
      {
        because: "bundlers keep modules whose import might do something.",
        instead: 'set "sideEffects": false; test/entries.test.ts holds it to that.',
      },
    );
  });

  test("every entry leads to a source file", () => {
    expectNone(
      members
        .flatMap(entriesOf)
        .filter(({ file }) => !existsSync(file))
        .map(({ specifier, file }) => `${specifier} → ${file}`),
      {
        because: "an entry without a file fails at the user's first import.",
        instead: "write the file, or remove the entry.",
      },
    );
  });

  test("every published package has a pending or a released changeset", () => {
    expectNone(
      products
        .filter(
          ({ name, path }) =>
            !has(`${path}/CHANGELOG.md`) && !new RegExp(`^"?${name}"?: `, "mu").test(changesets),
        )
        .map(({ path }) => path),
      {
        because: "users learn from changesets what is new for them.",
        instead: "run pnpm changeset.",
      },
    );
  });
});
