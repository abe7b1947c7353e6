import { isJsonObject } from "op-core";
import { removeJsoncMember, setJsoncMember } from "../jsonc/edit-jsonc.ts";
import { toJsonValue } from "../jsonc/json-node.ts";
import { JsonSyntaxError } from "../jsonc/jsonc-error.ts";
import { parseJsonc } from "../jsonc/parse-jsonc.ts";
import type { ServerDocument } from "./server-document.ts";

/** Servers in JSON, with the comments and trailing commas that editors allow. */
export const jsonServerDocument: ServerDocument = {
  parse: (text) => {
    if (text.trim() === "") return {};
    const value = toJsonValue(parseJsonc(text));
    if (!isJsonObject(value)) throw new JsonSyntaxError("Expected an object", text, 0);
    return value;
  },
  add: (text, { container, name }, entry) => setJsoncMember(text, [container, name], entry),
  remove: (text, { container, name }) => removeJsoncMember(text, [container, name]),
};
