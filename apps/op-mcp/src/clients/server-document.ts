import type { JsonObject } from "op-core";
import type { Client } from "./client.ts";

/** Where in a client's file an entry is. */
export interface EntryPlace {
  readonly container: string;
  readonly name: string;
}

/**
 * A format in which clients keep their servers. The functions throw the parser's own error for a broken text; the ones
 * that edit leave every byte alone that has nothing to do with the entry.
 */
export interface ServerDocument {
  /** The whole text as plain data. */
  parse(text: string): JsonObject;
  add(text: string, place: EntryPlace, entry: JsonObject): string;
  remove(text: string, place: EntryPlace): string;
}

/** Loads what is needed to edit the client's format. */
export async function loadServerDocument(format: Client["format"]): Promise<ServerDocument> {
  if (format === "json") return (await import("./json-server-document.ts")).jsonServerDocument;
  return (await import("./toml-server-document.ts")).tomlServerDocument;
}
