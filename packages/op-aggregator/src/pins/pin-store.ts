import { hash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { canonicalJson, isJsonObject, type JsonObject } from "op-core";

/** Definitions of tools by the upstream's names for them. */
export type Definitions = Readonly<Record<string, JsonObject>>;

/** Where the definitions are kept that were accepted. */
export interface PinStore {
  /** What was accepted of an upstream; nothing where nothing was. */
  read(upstream: string): Promise<Definitions>;
  write(upstream: string, definitions: Definitions): Promise<void>;
}

/** What a definition is known by. */
export function definitionHash(definition: JsonObject): string {
  return hash("sha256", canonicalJson(definition));
}

/** Keeps accepted definitions as long as the process runs. */
export function createMemoryPinStore(): PinStore {
  const kept = new Map<string, Definitions>();
  return {
    read: (upstream) => Promise.resolve(kept.get(upstream) ?? {}),
    write: (upstream, definitions) => {
      kept.set(upstream, definitions);
      return Promise.resolve();
    },
  };
}

function parseDefinitions(text: string): Definitions {
  const parsed: unknown = JSON.parse(text);
  if (!isJsonObject(parsed)) return {};
  const entries = Object.entries(parsed);
  return Object.fromEntries(
    entries.filter((entry): entry is [string, JsonObject] => isJsonObject(entry[1])),
  );
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

/** Keeps accepted definitions in a folder, one file for each upstream, which is replaced as a whole. */
export function createFilePinStore(folder: string): PinStore {
  const pathOf = (upstream: string): string => join(folder, `${encodeURIComponent(upstream)}.json`);
  return {
    read: async (upstream) => {
      try {
        return parseDefinitions(await readFile(pathOf(upstream), "utf8"));
      } catch (error) {
        if (isMissing(error)) return {};
        throw error;
      }
    },
    write: async (upstream, definitions) => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const path = pathOf(upstream);
      await writeFile(`${path}.new`, JSON.stringify(definitions), { mode: 0o600 });
      await rename(`${path}.new`, path);
    },
  };
}
