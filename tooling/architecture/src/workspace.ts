import { globSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";

/** The root of the checkout. */
export const rootFolder = fileURLToPath(new URL("../../..", import.meta.url)).replace(/\/$/u, "");

const Manifest = z.looseObject({
  name: z.string(),
  private: z.boolean().default(false),
  license: z.string().optional(),
  sideEffects: z.union([z.boolean(), z.array(z.string())]).optional(),
  exports: z
    .record(z.string(), z.union([z.string(), z.record(z.string(), z.string())]))
    .default({}),
  dependencies: z.record(z.string(), z.string()).default({}),
  peerDependencies: z.record(z.string(), z.string()).default({}),
  optionalDependencies: z.record(z.string(), z.string()).default({}),
  scripts: z.record(z.string(), z.string()).default({}),
});

/** The fields of a package.json that rules are about. */
export type Manifest = z.output<typeof Manifest>;

/** A member of the workspace. */
export interface Member {
  readonly name: string;
  /** Relative to the root, for example `packages/op-core`. */
  readonly path: string;
  /** `packages`, `apps` or `tooling`. */
  readonly area: string;
  readonly manifest: Manifest;
  readonly tags: readonly string[];
}

/** Every member of the workspace, found on disk, so that a new one is under the rules from its first day. */
export const members: readonly Member[] = globSync("{packages,apps,tooling}/*/package.json", {
  cwd: rootFolder,
})
  .map((manifestPath) => dirname(manifestPath))
  .toSorted()
  .map(readMember);

/** The members that are published as libraries. */
export const libraries = members.filter((member) => member.area === "packages");

/** The members whose code runs at a user's. */
export const products = members.filter((member) => member.area !== "tooling");

function readMember(path: string): Member {
  const manifest = Manifest.parse(readJson(join(path, "package.json")));
  const turbo = z
    .looseObject({ tags: z.array(z.string()) })
    .parse(readJson(join(path, "turbo.json")));
  return { name: manifest.name, path, area: dirname(path), manifest, tags: turbo.tags };
}

/** An entry of a package: what a consumer can import. */
export interface Entry {
  /** As it is imported, for example `op-core/testing`. */
  readonly specifier: string;
  /** The source file behind it, absolute. */
  readonly file: string;
}

/** The entries of a member that are TypeScript sources. */
export function entriesOf({ name, path, manifest }: Member): Entry[] {
  return Object.entries(manifest.exports).flatMap(([subpath, target]) => {
    const file = typeof target === "string" ? target : target["@op-mcp/source"];
    if (file === undefined || !file.endsWith(".ts")) return [];
    return [{ specifier: join(name, subpath), file: join(rootFolder, path, file) }];
  });
}

/** A source file with its text. */
export interface SourceFile {
  /** Relative to the root. */
  readonly path: string;
  /** The name without its endings: `tool` for `tool.e2e.test.ts`. */
  readonly stem: string;
  readonly text: string;
}

/** The TypeScript files under a folder of a member, for example its `src`. */
export function sourceFilesOf(member: Member, folder: string): SourceFile[] {
  return globSync(`${member.path}/${folder}/**/*.{ts,mts,cts}`, { cwd: rootFolder })
    .filter((path) => !path.includes("/node_modules/"))
    .toSorted()
    .map((path) => ({
      path,
      stem: basename(path).split(".")[0] ?? "",
      text: readFileSync(join(rootFolder, path), "utf8"),
    }));
}

/** The specifiers that a file imports or exports from, statically or not. */
export function importsOf({ text }: SourceFile): string[] {
  const pattern = /(?:\bfrom\s+|\bimport\s*\(?\s*)"([^"]+)"/gu;
  return [...text.matchAll(pattern)].flatMap(([, specifier]) => specifier ?? []);
}

/** Reads a file of the checkout. */
export function readText(path: string): string {
  return readFileSync(join(rootFolder, path), "utf8");
}

function readJson(path: string): unknown {
  return JSON.parse(readText(path));
}
