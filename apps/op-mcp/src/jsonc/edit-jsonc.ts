import type { JsonValue } from "op-core";
import { findMember, type JsonMember, type JsonNode, type ObjectNode } from "./json-node.ts";
import { JsonSyntaxError } from "./jsonc-error.ts";
import { parseJsonc, skipTrivia } from "./parse-jsonc.ts";

/** One change of a text: what stands from `start` to `end` becomes `text`. */
interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

interface Style {
  readonly unit: string;
  readonly eol: string;
}

/**
 * Sets one member and leaves every other byte as it is: comments, order, indentation, line ends and trailing commas
 * stay. Objects missing on the way are added. Throws `ERR_JSON_SYNTAX` when the text is broken, or when something
 * on the way is not an object.
 */
export function setJsoncMember(text: string, path: readonly string[], value: JsonValue): string {
  const source = text.trim() === "" ? `${text}{}${text.endsWith("\n") ? "" : "\n"}` : text;
  const style = styleOf(source);
  let node = parseJsonc(source);
  for (const [index, key] of path.entries()) {
    const object = asObject(node, source);
    const member = findMember(object, key);
    if (member === undefined) {
      const added = wrap(path.slice(index + 1), value);
      return apply(source, insertion(source, object, { key, value: added }, style));
    }
    node = member.value;
  }
  const indent = lineIndent(source, node.start);
  return apply(source, [{ ...rangeOf(node), text: render(value, indent, style) }]);
}

/** Removes one member, with the comma that belongs to it, and leaves every other byte as it is. */
export function removeJsoncMember(text: string, path: readonly string[]): string {
  let node = parseJsonc(text);
  for (const key of path.slice(0, -1)) {
    const member = findMember(node, key);
    if (member === undefined) return text;
    node = member.value;
  }
  const last = findMember(node, path.at(-1) ?? "");
  if (last === undefined || node.kind !== "object") return text;
  return apply(text, removal(text, node, last));
}

function insertion(
  text: string,
  object: ObjectNode,
  member: { key: string; value: JsonValue },
  style: Style,
): readonly Edit[] {
  const close = object.end - 1;
  const closeIndent = lineIndent(text, object.start);
  const indent = memberIndent(text, object) ?? closeIndent + style.unit;
  const at = text.slice(0, close).trimEnd().length;
  const isCloseOnOwnLine = text.slice(at, close).includes("\n");
  const rendered = `${JSON.stringify(member.key)}: ${render(member.value, indent, style)}`;
  const last = object.members.at(-1);
  const added = {
    start: at,
    end: at,
    text: `${style.eol}${indent}${rendered}${object.hasTrailingComma ? "," : ""}${isCloseOnOwnLine ? "" : style.eol + closeIndent}`,
  };
  if (last === undefined || object.hasTrailingComma) return [added];
  const afterLast = { start: last.value.end, end: last.value.end, text: "," };
  return [afterLast, added];
}

function removal(text: string, object: ObjectNode, member: JsonMember): readonly Edit[] {
  const index = object.members.indexOf(member);
  const commaAt = skipTrivia(text, member.value.end);
  const hasComma = text[commaAt] === ",";
  const start = startOfLineOr(text, member.start);
  const own = { start, end: hasComma ? commaAt + 1 : member.value.end, text: "" };
  const previous = object.members[index - 1];
  const isLast = index === object.members.length - 1;
  if (!isLast || hasComma || previous === undefined) return [own];
  const previousComma = skipTrivia(text, previous.value.end);
  return [{ start: previousComma, end: previousComma + 1, text: "" }, own];
}

/** Where the line break before a member starts when the member begins its line, otherwise the member itself. */
function startOfLineOr(text: string, offset: number): number {
  const before = /\r?\n[ \t]*$/.exec(text.slice(0, offset));
  return before === null ? offset : before.index;
}

function apply(text: string, edits: readonly Edit[]): string {
  let result = text;
  for (const edit of edits.toReversed()) {
    result = result.slice(0, edit.start) + edit.text + result.slice(edit.end);
  }
  return result;
}

function asObject(node: JsonNode, text: string): ObjectNode {
  if (node.kind === "object") return node;
  throw new JsonSyntaxError("Expected an object", text, node.start);
}

function wrap(path: readonly string[], value: JsonValue): JsonValue {
  return path.reduceRight<JsonValue>((inner, key) => ({ [key]: inner }), value);
}

function render(value: JsonValue, indent: string, { unit, eol }: Style): string {
  return JSON.stringify(value, undefined, unit).replaceAll("\n", eol + indent);
}

function rangeOf(node: JsonNode): { start: number; end: number } {
  return { start: node.start, end: node.end };
}

/** The indentation of the first member that begins its line. */
function memberIndent(text: string, object: ObjectNode): string | undefined {
  for (const { start } of object.members) {
    const [, indent] = /\n([ \t]*)$/.exec(text.slice(0, start)) ?? [];
    if (indent !== undefined) return indent;
  }
  return undefined;
}

function lineIndent(text: string, offset: number): string {
  const lineStart = text.lastIndexOf("\n", offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(lineStart))?.[0] ?? "";
}

function styleOf(text: string): Style {
  const [, unit = "  "] = /\n([ \t]+)["\]}]/.exec(text) ?? [];
  return { unit, eol: text.includes("\r\n") ? "\r\n" : "\n" };
}
