import { addTomlTable, parseTomlText, removeTomlTable } from "../toml/edit-toml.ts";
import type { ServerDocument } from "./server-document.ts";

/** Servers in TOML: one table each, added at the end of the file. */
export const tomlServerDocument: ServerDocument = {
  parse: parseTomlText,
  add: (text, { container, name }, entry) => addTomlTable(text, [container, name], entry),
  remove: (text, { container, name }) => removeTomlTable(text, [container, name]),
};
