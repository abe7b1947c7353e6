import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runCommand, type CommandResult } from "@op-mcp/test-support/run-command";
import { openTempDir } from "@op-mcp/test-support/temp-dir";
import { packPackage, publishedPackages } from "./pack-workspace.ts";

const compiler = fileURLToPath(new URL("bin/tsc", import.meta.resolve("typescript/package.json")));

/** What another team's tsconfig.json would say at its strictest. */
const compilerOptions = {
  module: "nodenext",
  target: "esnext",
  lib: ["esnext"],
  types: ["node"],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  noEmit: true,
};

/** A project outside the checkout that has installed every package from its tarball. */
export interface Consumer extends AsyncDisposable {
  readonly folder: string;
  /** The tarball of each package, by name. */
  readonly tarballs: ReadonlyMap<string, string>;
  /** Runs a command in the project. */
  run(command: string, args: readonly string[]): Promise<CommandResult>;
  /** Compiles all files of the project. */
  compile(): Promise<CommandResult>;
}

/** Packs the workspace, installs it with npm in an empty folder, and writes each example and an import of each entry. */
export async function openConsumer(): Promise<Consumer> {
  const tempDir = await openTempDir();
  try {
    return await installPackages(tempDir);
  } catch (error) {
    await tempDir[Symbol.asyncDispose]();
    throw error;
  }
}

async function installPackages(
  tempDir: Awaited<ReturnType<typeof openTempDir>>,
): Promise<Consumer> {
  const folder = join(tempDir.path, "consumer");
  const run = (command: string, args: readonly string[]): Promise<CommandResult> =>
    runCommand(command, args, { cwd: folder });
  await mkdir(folder);
  const tarballs = new Map<string, string>();
  for (const each of publishedPackages) {
    tarballs.set(each.name, await packPackage(each, tempDir.path));
  }
  await writeProject(folder, tarballs);
  const flags = ["--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline"];
  const { exit, stderr } = await run("npm", ["install", ...flags]);
  if (exit !== 0) throw new Error(`npm install of the tarballs ended with ${exit}:\n${stderr}`);
  return {
    folder,
    tarballs,
    run,
    compile: () => run(process.execPath, [compiler, "-p", "tsconfig.json"]),
    [Symbol.asyncDispose]: () => tempDir[Symbol.asyncDispose](),
  };
}

async function writeProject(folder: string, tarballs: ReadonlyMap<string, string>): Promise<void> {
  const write = (file: string, content: string): Promise<void> =>
    writeFile(join(folder, file), content);
  await write("package.json", JSON.stringify(toManifest(tarballs), undefined, 2));
  await write(
    "tsconfig.json",
    JSON.stringify({ compilerOptions, include: ["*.ts"] }, undefined, 2),
  );
  for (const { name, example, entries } of publishedPackages) {
    if (example !== undefined) await write(`${name}.example.ts`, example);
    if (entries.length > 0) await write(`${name}.entries.ts`, importAll(entries));
  }
}

function toManifest(tarballs: ReadonlyMap<string, string>): object {
  const files = [...tarballs].map(([name, tarball]) => [name, `file:${tarball}`] as const);
  const peers = publishedPackages.flatMap((each) => each.peers).map((name) => [name, "*"] as const);
  return {
    name: "consumer",
    private: true,
    type: "module",
    dependencies: Object.fromEntries([...peers, ["@types/node", "24"], ...files]),
    // What a tarball needs of its siblings comes from the tarballs too, not from the registry.
    overrides: Object.fromEntries(files.map(([name]) => [name, `$${name}`])),
  };
}

function importAll(entries: readonly string[]): string {
  const imports = entries.map((entry, index) => `import * as entry${index} from "${entry}";`);
  const names = entries.map((_, index) => `...Object.keys(entry${index})`);
  return `${imports.join("\n")}\nconsole.log([${names.join(", ")}].length);\n`;
}
