import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openTempDir } from "@op-mcp/test-support/temp-dir";
import { runCommand } from "@op-mcp/test-support/run-command";
import { describe, expect, test } from "vitest";
import { members, rootFolder } from "../src/workspace.ts";
import { expectNone } from "./expect-none.ts";

/** From the bottom to the top: imports point down only. */
const layers = ["leaf", "contract", "face", "source", "app"];
const tags = [...layers, "tooling"];
const turbo = join(rootFolder, "node_modules/.bin/turbo");

function runBoundaries(cwd: string) {
  return runCommand(turbo, ["boundaries"], { cwd, env: { TURBO_TELEMETRY_DISABLED: "1" } });
}

/** A workspace with one package for each pair of layers, in which the first depends on the second. */
async function plantWorkspace(folder: string, pairs: readonly (readonly [string, string])[]) {
  await cp(join(rootFolder, "turbo.json"), join(folder, "turbo.json"));
  await writeFile(join(folder, "pnpm-workspace.yaml"), "packages:\n  - packages/*\n");
  await writeFile(
    join(folder, "package.json"),
    JSON.stringify({ name: "planted", private: true, packageManager: "pnpm@12.21.0" }),
  );
  for (const layer of layers) await plantPackage(folder, `any-${layer}`, layer);
  for (const [from, to] of pairs) await plantPackage(folder, `${from}-on-${to}`, from, `any-${to}`);
}

async function plantPackage(folder: string, name: string, tag: string, dependency?: string) {
  const path = join(folder, "packages", name);
  const dependencies = dependency === undefined ? {} : { [dependency]: "workspace:^" };
  await mkdir(path, { recursive: true });
  await writeFile(
    join(path, "package.json"),
    JSON.stringify({ name, version: "1.0.0", dependencies }),
  );
  await writeFile(join(path, "turbo.json"), JSON.stringify({ extends: ["//"], tags: [tag] }));
}

const pairs = layers.flatMap((from) => layers.map((to) => [from, to] as const));
const upward = pairs.filter(([from, to]) => layers.indexOf(from) < layers.indexOf(to));
const downward = pairs.filter(([from, to]) => layers.indexOf(from) > layers.indexOf(to));

describe("layers", () => {
  test("every member of the workspace has exactly one known tag", () => {
    expectNone(
      members
        .filter((member) => member.tags.length !== 1 || !tags.includes(member.tags[0] ?? ""))
        .map((member) => `${member.path}/turbo.json: ${member.tags.join(", ") || "no tag"}`),
      {
        because: "a package without a tag is under no layer rule.",
        instead: `give it one of ${tags.join(", ")} in its turbo.json.`,
      },
    );
  });

  test("imports point down the layers only", async () => {
    const { exit, stdout, stderr } = await runBoundaries(rootFolder);
    expect(exit, `${stdout}${stderr}\nWhat to do: move the code to the layer it needs.`).toBe(0);
  });

  test("a dependency on a higher layer is found, for every pair of layers", async () => {
    await using folder = await openTempDir();
    await plantWorkspace(folder.path, upward);
    const { exit, stdout, stderr } = await runBoundaries(folder.path);
    // The report is wrapped as if for a terminal.
    const report = (stdout + stderr).replaceAll(/\s*\n[\s|]*/gu, "");
    expect(exit).toBe(1);
    expect(upward.filter(([from, to]) => !report.includes(`\`${from}-on-${to}\``))).toEqual([]);
  });

  test("a dependency on a lower layer is allowed, for every pair of layers", async () => {
    await using folder = await openTempDir();
    await plantWorkspace(folder.path, downward);
    const { exit, stdout } = await runBoundaries(folder.path);
    expect(exit, stdout).toBe(0);
  });
});
