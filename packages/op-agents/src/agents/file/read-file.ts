import type { AgentOperation } from "../operation/agent-operation.ts";
import { choiceField, integerField, malformed } from "../operation/field.ts";
import { boolean, integer, objectSchema, orNull, string } from "../operation/output-schema.ts";
import type { FileSetting } from "./file-setting.ts";
import { findLine, readLines } from "./lines.ts";
import { openFile, type OpenedFile } from "./open-file.ts";
import { pathField } from "./path-field.ts";
import { readRange } from "./read-chunks.ts";
import {
  completeCharacters,
  decode,
  detectEncoding,
  encodings,
  type Encoding,
  type KnownEncoding,
} from "./text-encoding.ts";

const encoding = choiceField(
  "encoding",
  "How the content is told; auto takes text for text and gives everything else as base64.",
  encodings,
);
const offset = integerField("offset", "The byte to begin at.", { least: 0, fallback: undefined });
const length = integerField("length", "How many bytes.", { least: 1, fallback: undefined });
const fromLine = integerField("fromLine", "The line to begin at, from 1; instead of offset.", {
  least: 1,
  fallback: undefined,
});
const lines = integerField("lines", "How many lines; instead of length.", {
  least: 1,
  fallback: undefined,
});

/** Reads a file, or a part of it. */
export const readFile: AgentOperation<FileSetting> = {
  name: "read_file",
  description:
    "Reads a file, or a range of its bytes or lines. Large files come in parts: go on at nextOffset.",
  risk: "read",
  isIdempotent: true,
  fields: [pathField, encoding, offset, length, fromLine, lines],
  outputSchema: objectSchema({
    path: string,
    size: integer,
    modified: string,
    encoding: string,
    content: string,
    offset: integer,
    bytes: integer,
    isComplete: boolean,
    nextOffset: orNull("integer"),
  }),
  run: async (input, setting, { signal }) => {
    const range = {
      offset: offset.read(input),
      length: length.read(input),
      fromLine: fromLine.read(input),
      lines: lines.read(input),
    };
    await using file = await openFile(pathField.read(input), setting);
    const part = await readPart(file, range, { most: setting.readBytes, signal });
    const known = await findEncoding(file, encoding.read(input));
    const whole = part.offset + part.bytes.length >= file.stats.size;
    const bytes = whole ? part.bytes : completeCharacters(part.bytes, known);
    const end = part.offset + bytes.length;
    return {
      path: file.path,
      size: file.stats.size,
      modified: file.stats.mtime.toISOString(),
      encoding: known,
      content: decode(bytes, known),
      offset: part.offset,
      bytes: bytes.length,
      isComplete: part.offset === 0 && end >= file.stats.size,
      nextOffset: end >= file.stats.size ? null : end,
    };
  },
};

interface Range {
  readonly offset: number | undefined;
  readonly length: number | undefined;
  readonly fromLine: number | undefined;
  readonly lines: number | undefined;
}

interface PartOptions {
  readonly most: number;
  readonly signal: AbortSignal;
}

interface Part {
  readonly offset: number;
  readonly bytes: Buffer;
}

async function readPart(
  { handle }: OpenedFile,
  range: Range,
  { most, signal }: PartOptions,
): Promise<Part> {
  if (range.fromLine !== undefined && range.offset !== undefined) {
    throw malformed("it has both offset and fromLine", "Give one of them.");
  }
  if (range.lines !== undefined && range.length !== undefined) {
    throw malformed("it has both length and lines", "Give one of them.");
  }
  const from =
    range.fromLine === undefined
      ? (range.offset ?? 0)
      : await findLine(handle, range.fromLine, signal);
  const bytes =
    range.lines === undefined
      ? await readRange(handle, from, Math.min(range.length ?? most, most))
      : await readLines(handle, { from, lines: range.lines, most, signal });
  return { offset: from, bytes };
}

async function findEncoding({ handle }: OpenedFile, wanted: Encoding): Promise<KnownEncoding> {
  return wanted === "auto" ? detectEncoding(await readRange(handle, 0, 8192)) : wanted;
}
