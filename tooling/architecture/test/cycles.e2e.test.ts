import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runCommand } from "@op-mcp/test-support/run-command";
import { openTempDir } from "@op-mcp/test-support/temp-dir";
import { describe, expect, test } from "vitest";
import { rootFolder } from "../src/workspace.ts";

const oxlint = join(rootFolder, "node_modules/.bin/oxlint");

/** The one rule, without type information, so that it takes a moment only. */
function findCycles(cwd: string, paths: readonly string[]) {
  return runCommand(
    oxlint,
    [
      "--import-plugin",
      "--allow=all",
      "--deny=import/no-cycle",
      "--disable-nested-config",
      ...paths,
    ],
    { cwd },
  );
}

/** Every file of the project is read. */
const timeout = 60_000;

describe("files", { timeout }, () => {
  test("no file imports itself, directly or through others", async () => {
    const { exit, stdout } = await findCycles(rootFolder, ["packages", "apps", "tooling"]);
    const advice = "Why: files in a cycle cannot be understood, tested or moved one by one.";
    expect(exit, `${stdout}\n${advice}\nWhat to do: move what both need into a third file.`).toBe(
      0,
    );
  });

  test("a cycle is found", async () => {
    await using folder = await openTempDir();
    await mkdir(join(folder.path, "src"));
    await writeFile(
      join(folder.path, "src/a.ts"),
      `import { b } from "./b.ts";\nexport const a = () => b;\n`,
    );
    await writeFile(
      join(folder.path, "src/b.ts"),
      `import { a } from "./a.ts";\nexport const b = () => a;\n`,
    );
    const { exit, stdout } = await findCycles(folder.path, ["src"]);
    expect(exit).toBe(1);
    expect(stdout).toContain("no-cycle");
  });
});
