import { rmSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import type { JsonObject } from "op-core";
import type { Client } from "./client.ts";
import { ClientConfigError, ClientFileError } from "./client-error.ts";
import { backUpFile, followLinks, listBackups, readText, replaceFile } from "./replace-file.ts";
import { SafeEdit } from "./safe-edit.ts";
import { loadServerDocument } from "./server-document.ts";

/** Which entry of which file. */
export interface EntryOptions {
  readonly client: Client;
  /** The client's configuration file; see `Client.userFile`. */
  readonly file: string;
  readonly name: string;
}

/** What installing takes. */
export interface InstallOptions extends EntryOptions {
  readonly entry: JsonObject;
  /** Whether an entry of this name that says something else is replaced. */
  readonly isForced: boolean;
  readonly nowMs: number;
}

/** What installing did. */
export type InstallOutcome =
  | { readonly kind: "already-there"; readonly file: string }
  | { readonly kind: "created"; readonly file: string }
  | { readonly kind: "changed"; readonly file: string; readonly backup: string };

/** What undoing did. */
export type UninstallOutcome =
  | { readonly kind: "not-there"; readonly file: string }
  /** The file is again what it was, byte for byte. */
  | { readonly kind: "restored"; readonly file: string; readonly backup: string }
  | { readonly kind: "deleted"; readonly file: string }
  /** The file was changed since, so only the entry was taken out. */
  | { readonly kind: "removed"; readonly file: string };

/** How often an edit is tried again when the client itself writes the file meanwhile. */
const attempts = 3;

/**
 * Adds op-mcp to a client's configuration file. Everything else in it stays byte for byte; the old file is kept as a
 * backup. A broken file is refused with `ERR_CLIENT_CONFIG`, one out of reach with `ERR_CLIENT_FILE`.
 */
export function installEntry(options: InstallOptions): Promise<InstallOutcome> {
  return namingTheFile(options.file, () => install(options));
}

/** Takes op-mcp out again: restores the file where nothing else changed since, removes just the entry otherwise. */
export function uninstallEntry(options: EntryOptions): Promise<UninstallOutcome> {
  return namingTheFile(options.file, () => uninstall(options));
}

async function namingTheFile<Done>(file: string, change: () => Promise<Done>): Promise<Done> {
  try {
    return await change();
  } catch (error) {
    if (error instanceof Error && "syscall" in error) throw new ClientFileError(file, error);
    throw error;
  }
}

async function install(options: InstallOptions): Promise<InstallOutcome> {
  const { file, edit } = await openEdit(options);
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const before = readText(file);
    const present = edit.find(before ?? "");
    if (isDeepStrictEqual(present, options.entry)) return { kind: "already-there", file };
    if (present !== undefined && !options.isForced) throw occupied(file, options.name);
    const after = edit.add(before ?? "", options.entry);
    if (readText(file) === before) return write(file, before, after, options.nowMs);
  }
  throw busy(file);
}

async function uninstall(options: EntryOptions): Promise<UninstallOutcome> {
  const { file, edit } = await openEdit(options);
  const text = readText(file);
  const entry = text === undefined ? undefined : edit.find(text);
  if (text === undefined || entry === undefined) return { kind: "not-there", file };
  const [backup] = listBackups(file);
  if (backup === undefined && edit.leadsTo("", entry, text)) {
    rmSync(file);
    return { kind: "deleted", file };
  }
  const old = backup === undefined ? undefined : readText(backup);
  if (backup !== undefined && old !== undefined && edit.leadsTo(old, entry, text)) {
    replaceFile(file, old);
    rmSync(backup);
    return { kind: "restored", file, backup };
  }
  replaceFile(file, edit.remove(text));
  return { kind: "removed", file };
}

async function openEdit({
  client,
  file,
  name,
}: EntryOptions): Promise<{ file: string; edit: SafeEdit }> {
  const target = followLinks(file);
  const document = await loadServerDocument(client.format);
  return {
    file: target,
    edit: new SafeEdit(document, { container: client.container, name }, target),
  };
}

function write(
  file: string,
  before: string | undefined,
  after: string,
  nowMs: number,
): InstallOutcome {
  if (before === undefined) {
    replaceFile(file, after);
    return { kind: "created", file };
  }
  const backup = backUpFile(file, nowMs);
  replaceFile(file, after);
  return { kind: "changed", file, backup };
}

function occupied(file: string, name: string): ClientConfigError {
  return new ClientConfigError(file, `it has another entry named ${JSON.stringify(name)}.`, {
    advice: "--force replaces it, --name NAME adds op-mcp under another name.",
  });
}

function busy(file: string): ClientConfigError {
  return new ClientConfigError(file, "its owner keeps writing it.", {
    advice: "Close the client and try again.",
  });
}
