import { isDeepStrictEqual } from "node:util";
import { isJsonObject, isOpError, type JsonObject, type JsonValue } from "op-core";
import { valueAt, withValueAt } from "../config/config-layer.ts";
import { ClientConfigError } from "./client-error.ts";
import type { EntryPlace, ServerDocument } from "./server-document.ts";

/**
 * Edits of one entry that are proved before they are used: reading the edited text must give the old data with or without
 * the entry, and nothing else. Otherwise, and for broken texts, `ERR_CLIENT_CONFIG`.
 */
export class SafeEdit {
  readonly #document: ServerDocument;
  readonly #place: EntryPlace;
  readonly #file: string;

  constructor(document: ServerDocument, place: EntryPlace, file: string) {
    this.#document = document;
    this.#place = place;
    this.#file = file;
  }

  /** The entry as it stands in the text. */
  find(text: string): JsonObject | undefined {
    const { container, name } = this.#place;
    const entry = valueAt(this.#parse(text), [container, name]);
    return entry === undefined || isJsonObject(entry) ? entry : { value: entry };
  }

  add(text: string, entry: JsonObject): string {
    const { container, name } = this.#place;
    const edited = this.#attempt(() => this.#document.add(text, this.#place, entry));
    const wanted = withValueAt(this.#parseWithout(text), [container, name], entry);
    return this.#prove(edited, wanted, "added");
  }

  remove(text: string): string {
    const edited = this.#attempt(() => this.#document.remove(text, this.#place));
    const isGone = this.find(edited) === undefined;
    return this.#prove(isGone ? edited : text, this.#parseWithout(text), "removed");
  }

  /** Whether adding the entry to `source` gives exactly `text`. */
  leadsTo(source: string, entry: JsonObject, text: string): boolean {
    try {
      return this.#document.add(source, this.#place, entry) === text;
    } catch {
      return false;
    }
  }

  #prove(edited: string, wanted: JsonObject, verb: string): string {
    const given = this.#parse(edited);
    const isProved =
      isDeepStrictEqual(given, wanted) ||
      isDeepStrictEqual(given, { ...wanted, [this.#place.container]: {} });
    if (isProved) return edited;
    const problem = `the entry cannot be ${verb} without changing something else.`;
    throw new ClientConfigError(this.#file, problem, {
      advice: "Edit the file by hand; --print shows the entry.",
    });
  }

  /** The data without the entry, and without its container when that is then empty. */
  #parseWithout(text: string): JsonObject {
    const { container, name } = this.#place;
    const data = new Map<string, JsonValue>(Object.entries(this.#parse(text)));
    const servers = Object.entries(data.get(container) ?? {}).filter(([key]) => key !== name);
    if (servers.length === 0) data.delete(container);
    else data.set(container, Object.fromEntries(servers));
    return Object.fromEntries(data);
  }

  #parse(text: string): JsonObject {
    return this.#attempt(() => this.#document.parse(text));
  }

  #attempt<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      const reason = error instanceof Error ? error.message.trim() : String(error);
      const advice = isOpError(error) ? error.advice : undefined;
      throw new ClientConfigError(this.#file, reason, {
        advice: advice ?? "Repair the file and try again; --print shows the entry to add.",
        cause: error,
      });
    }
  }
}
