import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runCommand } from "@op-mcp/test-support/run-command";
import { z } from "zod";

/** The root of the checkout. */
const rootFolder = fileURLToPath(new URL("../../..", import.meta.url));

const Manifest = z.looseObject({
  name: z.string(),
  private: z.boolean().default(false),
  exports: z.record(z.string(), z.unknown()).default({}),
  bin: z.record(z.string(), z.string()).default({}),
  peerDependencies: z.record(z.string(), z.string()).default({}),
});

/** A package that is published. */
export interface PublishedPackage {
  readonly name: string;
  /** Its folder in the checkout, absolute. */
  readonly folder: string;
  /** What can be imported, for example `op-core/testing`. */
  readonly entries: readonly string[];
  /** Names of its commands. */
  readonly commands: readonly string[];
  /** Packages it expects its user to have; the checks install them. */
  readonly peers: readonly string[];
  /** The first TypeScript example of its README, if it has one. */
  readonly example: string | undefined;
}

/** Every package of the workspace that is published. */
export const publishedPackages: readonly PublishedPackage[] = globSync(
  "{packages,apps}/*/package.json",
  { cwd: rootFolder },
)
  .toSorted()
  .flatMap(readPublished);

/** Packs a package as it would be published, and returns the tarball's path. */
export async function packPackage(
  { name, folder }: PublishedPackage,
  into: string,
): Promise<string> {
  const tarball = join(into, `${name}.tgz`);
  const pack = ["-y", "pnpm@12.21.0", "pack", "--out", tarball];
  const { exit, stdout, stderr } = await runCommand("npx", pack, { cwd: folder });
  if (exit !== 0) throw new Error(`pnpm pack in ${folder} ended with ${exit}:\n${stdout}${stderr}`);
  return tarball;
}

function readPublished(manifestPath: string): PublishedPackage[] {
  const folder = join(rootFolder, dirname(manifestPath));
  const manifest = Manifest.parse(JSON.parse(readFileSync(join(folder, "package.json"), "utf8")));
  if (manifest.private) return [];
  const { name } = manifest;
  const entries = Object.keys(manifest.exports)
    .filter((subpath) => subpath !== "./package.json")
    .map((subpath) => join(name, subpath));
  return [
    {
      name,
      folder,
      entries,
      commands: Object.keys(manifest.bin),
      peers: Object.keys(manifest.peerDependencies),
      example: readExample(join(folder, "README.md")),
    },
  ];
}

function readExample(readme: string): string | undefined {
  if (!existsSync(readme)) return undefined;
  return /^```ts\n(?<code>.*?)^```$/msu.exec(readFileSync(readme, "utf8"))?.groups?.["code"];
}
