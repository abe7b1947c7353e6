import { createHash, randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isJsonObject, isOpError } from "op-core";
import { isObjectPath } from "../names/object-path.ts";
import { IntrospectionDocuments } from "./introspection-document.ts";
import type { ServiceTree, WalkedObject } from "./walk-objects.ts";

/** Keeps the objects of services between runs of a program. */
export interface ServiceTreeCache {
  /** The objects of the service with this identity; undefined when they are not known, or not readable any more. */
  load(identity: string): Promise<ServiceTree | undefined>;
  /** Keeps the objects of a service; a reader sees the old ones or the new ones, never a mixture. */
  save(identity: string, tree: ServiceTree): Promise<void>;
}

const format = 1;

/** Makes a cache in a directory, which is created when something is saved. */
export function createServiceTreeCache(options: { readonly directory: string }): ServiceTreeCache {
  const { directory } = options;
  const fileOf = (identity: string): string =>
    join(directory, `${createHash("sha256").update(identity).digest("hex")}.json`);
  return {
    load: async (identity) => {
      const text = await readIfThere(fileOf(identity));
      return text === undefined ? undefined : parseTree(text, identity);
    },
    save: async (identity, tree) => {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      const temporary = join(directory, `.${randomUUID()}`);
      try {
        await writeFile(temporary, formatTree(identity, tree), { mode: 0o600 });
        await rename(temporary, fileOf(identity));
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
    },
  };
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** Each document is kept once, as the service wrote it: it is read again by the same careful parser. */
function formatTree(identity: string, { objects, gaps }: ServiceTree): string {
  const documents = [...new Set(objects.map(({ document }) => document.xml))];
  const numbers = new Map(documents.map((xml, index) => [xml, index]));
  const paths = objects.map(({ path, document }) => [path, numbers.get(document.xml)]);
  return JSON.stringify({ format, identity, documents, objects: paths, gaps });
}

/** The file may have been written by another version, or by somebody else: what does not fit is as if not there. */
function parseTree(text: string, identity: string): ServiceTree | undefined {
  const json = parseJson(text);
  if (!isJsonObject(json) || json["format"] !== format || json["identity"] !== identity)
    return undefined;
  const { documents, objects, gaps } = json;
  if (!Array.isArray(documents) || !Array.isArray(objects) || !Array.isArray(gaps))
    return undefined;
  const known = new IntrospectionDocuments();
  const walked: WalkedObject[] = [];
  for (const entry of objects) {
    const [path, number]: unknown[] = Array.isArray(entry) ? entry : [];
    const xml: unknown = typeof number === "number" ? documents[number] : undefined;
    if (typeof path !== "string" || !isObjectPath(path) || typeof xml !== "string")
      return undefined;
    try {
      walked.push({ path, document: known.read(xml) });
    } catch (error) {
      if (isOpError(error)) return undefined;
      throw error;
    }
  }
  return { objects: walked, gaps: gaps.flatMap(toGap) };
}

function toGap(value: unknown): ServiceTree["gaps"] {
  if (!isJsonObject(value)) return [];
  const { path, problem } = value;
  const isGap = typeof path === "string" && isObjectPath(path) && typeof problem === "string";
  return isGap ? [{ path, problem }] : [];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
