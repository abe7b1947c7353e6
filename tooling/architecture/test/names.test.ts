import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, test } from "vitest";
import { members, products, rootFolder, sourceFilesOf } from "../src/workspace.ts";
import { expectNone } from "./expect-none.ts";

/** Words that say nothing of what a file is about. */
const emptyWords =
  /^(?:common|shared|misc|base|service|stuff|lib)$|(?:^|-)(?:utils?|helpers?|manager|handler|impl|types)$/u;

/** Whether a file has code that runs, not only types and re-exports. */
function hasCode(text: string): boolean {
  return /^(?:export )?(?:async )?(?:const|let|function|class|abstract class) /mu.test(text);
}

describe("names", () => {
  test("no file or folder is named after nothing", () => {
    expectNone(
      members
        .flatMap((member) => [...sourceFilesOf(member, "src"), ...sourceFilesOf(member, "test")])
        .filter(({ path, stem }) =>
          [...dirname(path).split("/").slice(3), stem].some((word) => emptyWords.test(word)),
        )
        .map(({ path }) => path),
      {
        because: "such a file attracts everything that has no home yet.",
        instead: "name it after its main export, or move the code to where it is used.",
      },
    );
  });

  test("every folder of src has a folder of the same name in test", () => {
    const folders = products.flatMap((member) =>
      sourceFilesOf(member, "src")
        .filter(
          ({ path, text, stem }) => stem !== "index" && hasCode(text) && path.split("/").length > 4,
        )
        .map(({ path }) => path.split("/").slice(0, 4).join("/")),
    );
    expectNone(
      [...new Set(folders)].filter(
        (folder) => !existsSync(join(rootFolder, folder.replace("/src/", "/test/"))),
      ),
      {
        because: "a folder is a concept, and whoever changes it looks for its tests in one place.",
        instead: "put the tests of the folder into test/, under the same name.",
      },
    );
  });

  test("every test file belongs to a runner", () => {
    expectNone(
      members
        .flatMap((member) => sourceFilesOf(member, "src"))
        .filter(({ path }) => /\.(?:test|spec|bench)\.ts$/u.test(path))
        .map(({ path }) => path),
      {
        because: "src is published and is the table of contents of a package.",
        instead: "move the test to test/.",
      },
    );
  });
});
