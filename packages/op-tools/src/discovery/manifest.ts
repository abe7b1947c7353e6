import { crc32 } from "node:zlib";
import type { ToolDescriptor } from "../tool/tool-descriptor.ts";
import { parseDescriptorText } from "./descriptor-text.ts";

/** A tool as the manifest knows it. */
export interface ManifestTool {
  /** What clients call it. */
  readonly publicName: string;
  readonly source: string;
  /** What its source calls it. */
  readonly name: string;
  /** Parsed when somebody looks. */
  readonly descriptor: ToolDescriptor;
  /** The descriptor as it was written, to compare without parsing. */
  readonly text: string;
}

/** A source as the manifest knows it. */
export interface ManifestSource {
  readonly name: string;
  /** What its list was made of, where it could tell. */
  readonly fingerprint?: string;
}

/** What was known when it was written. */
export interface Manifest {
  readonly sources: readonly ManifestSource[];
  /** By public name. */
  readonly tools: readonly ManifestTool[];
}

/** What a manifest is written from. */
export interface ManifestContent {
  readonly sources: readonly ManifestSource[];
  readonly tools: readonly Pick<ManifestTool, "publicName" | "source" | "name" | "text">[];
}

/** Read before anything else; another version is another format. */
const magic = "op-mcp-manifest 1";

/** The second line: everything a start needs, so that no descriptor is parsed for it. */
interface Header {
  readonly sources: readonly ManifestSource[];
  readonly names: readonly string[];
  /** The place of each tool's source in `sources`. */
  readonly owners: readonly number[];
  /** What sources call the tools whose public name is another one. */
  readonly renamed: Readonly<Record<string, string>>;
  /** Where each tool's text ends, counted from the end of the header. */
  readonly ends: readonly number[];
}

/** The bytes of a manifest: a line with a checksum of all that follows, a header, and a line for each tool. */
export function formatManifest({ sources, tools }: ManifestContent): Buffer {
  const sorted = tools.toSorted((left, right) => (left.publicName < right.publicName ? -1 : 1));
  const places = new Map(sources.map(({ name }, index) => [name, index]));
  let end = 0;
  const header: Header = {
    sources,
    names: sorted.map(({ publicName }) => publicName),
    owners: sorted.map(({ source }) => places.get(source) ?? -1),
    renamed: Object.fromEntries(
      sorted
        .filter(({ name, publicName }) => name !== publicName)
        .map(({ name, publicName }) => [publicName, name]),
    ),
    ends: sorted.map(({ text }) => (end += Buffer.byteLength(text) + 1)),
  };
  const body = Buffer.from(
    `${[JSON.stringify(header), ...sorted.map(({ text }) => text)].join("\n")}\n`,
  );
  return Buffer.concat([Buffer.from(`${magic} ${crc32(body)} ${body.length}\n`), body]);
}

/** Where a descriptor's text lies. Two numbers, since a buffer for each of ten thousand tools would slow the start. */
interface Place {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}

class PackedTool implements ManifestTool {
  readonly publicName: string;
  readonly source: string;
  readonly name: string;
  readonly #bytes: Buffer;
  readonly #start: number;
  readonly #end: number;
  #descriptor: ToolDescriptor | undefined;

  constructor(
    { publicName, source, name }: Pick<ManifestTool, "publicName" | "source" | "name">,
    { bytes, start, end }: Place,
  ) {
    this.publicName = publicName;
    this.source = source;
    this.name = name;
    this.#bytes = bytes;
    this.#start = start;
    this.#end = end;
  }

  get text(): string {
    return this.#bytes.toString("utf8", this.#start, this.#end);
  }

  get descriptor(): ToolDescriptor {
    this.#descriptor ??= parseDescriptorText(this.text);
    return this.#descriptor;
  }
}

/** Why bytes are not a manifest of this version. */
export class UnusableManifest {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

/**
 * Reads the bytes of a manifest. Nothing in them is believed before the checksum over all of them holds, so that a torn
 * or damaged file is told from a whole one and never gives a wrong tool.
 */
export function parseManifest(bytes: Buffer): Manifest | UnusableManifest {
  const lineEnd = bytes.indexOf("\n");
  const first = bytes.subarray(0, Math.max(lineEnd, 0)).toString("latin1");
  const [, checksum, length] = /^op-mcp-manifest 1 (\d+) (\d+)$/.exec(first) ?? [];
  if (checksum === undefined) return new UnusableManifest("it is not a manifest of this version");
  const body = bytes.subarray(lineEnd + 1);
  if (body.length !== Number(length))
    return new UnusableManifest("it is cut short or has something added");
  if (crc32(body) !== Number(checksum)) return new UnusableManifest("its checksum does not hold");
  return unpack(body);
}

function unpack(body: Buffer): Manifest {
  const headerEnd = body.indexOf("\n");
  const header: Header = JSON.parse(body.subarray(0, headerEnd).toString());
  const bytes = body.subarray(headerEnd + 1);
  // A map, since a tool may be called like a member that every object inherits.
  const renamed = new Map(Object.entries(header.renamed));
  let next = 0;
  const tools = header.names.map((publicName, index) => {
    const start = next;
    next = header.ends[index] ?? start;
    const source = header.sources[header.owners[index] ?? -1]?.name ?? "";
    return new PackedTool(
      { publicName, source, name: renamed.get(publicName) ?? publicName },
      { bytes, start, end: next - 1 },
    );
  });
  return { sources: header.sources, tools };
}
