// Not from node:fs/promises, which a start would have to load although it writes nothing.
import { promises } from "node:fs";
import { dirname } from "node:path";
import { silentLogger, type Logger } from "op-core";
import { openBytesOfFile, type ManifestBytes } from "./manifest-bytes.ts";
import {
  formatManifest,
  parseManifest,
  UnusableManifest,
  type Manifest,
  type ManifestContent,
} from "./manifest.ts";

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

/**
 * The manifest a path holds, or nothing. An unreadable or damaged one is reported and will be written anew; it costs a
 * listing, never a start. It keeps the file open until it is disposed. Synchronous, since nothing else can be done before it is known.
 */
export function readManifestFile(
  path: string,
  logger: Logger = silentLogger,
): Manifest | undefined {
  let bytes: ManifestBytes;
  let manifest: Manifest | UnusableManifest;
  try {
    bytes = openBytesOfFile(path);
  } catch (error) {
    if (!isMissing(error)) tellUnusable(logger, path, error);
    return undefined;
  }
  try {
    manifest = parseManifest(bytes);
  } catch (error) {
    bytes[Symbol.dispose]();
    tellUnusable(logger, path, error);
    return undefined;
  }
  if (!(manifest instanceof UnusableManifest)) return manifest;
  bytes[Symbol.dispose]();
  tellUnusable(logger, path, manifest.reason);
  return undefined;
}

function tellUnusable(logger: Logger, path: string, reason: unknown): void {
  logger.warn("the tool manifest is not used and will be written anew", { path, reason });
}

/** Writes the manifest so that a reader finds either the old or the new one, whenever the machine stops. */
export async function writeManifestFile(path: string, content: ManifestContent): Promise<void> {
  const temporary = `${path}.${process.pid}.new`;
  const bytes = await formatManifest(content);
  await promises.mkdir(dirname(path), { recursive: true, mode: 0o700 });
  try {
    {
      await using file = await promises.open(temporary, "w", 0o600);
      await file.writeFile(bytes);
      await file.datasync();
    }
    await promises.rename(temporary, path);
  } catch (error) {
    await promises.rm(temporary, { force: true });
    throw error;
  }
}
