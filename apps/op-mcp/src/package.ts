import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** What op-mcp knows of its own installation. */
export interface PackageFacts {
  readonly version: string;
  /** `bin/op-mcp.cjs`, as an absolute path. */
  readonly entry: string;
}

let cached: PackageFacts | undefined;

/** Looks up where this code is installed, whether it runs from source, compiled or bundled. */
export function packageFacts(): PackageFacts {
  cached ??= readFacts(findRoot(import.meta.dirname));
  return cached;
}

function findRoot(directory: string): string {
  if (existsSync(join(directory, "bin", "op-mcp.cjs"))) return directory;
  const parent = dirname(directory);
  if (parent === directory) throw new Error("The folder of the op-mcp package was not found.");
  return findRoot(parent);
}

function readFacts(root: string): PackageFacts {
  const manifest: unknown = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const version =
    typeof manifest === "object" && manifest !== null && "version" in manifest
      ? String(manifest.version)
      : "unknown";
  return { version, entry: join(root, "bin", "op-mcp.cjs") };
}
