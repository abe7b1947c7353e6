import { crc32 } from "node:zlib";
import type { ToolDescriptor } from "../tool/tool-descriptor.ts";
import { parseDescriptorText } from "./descriptor-text.ts";
import type { ManifestBytes } from "./manifest-bytes.ts";
import { TimeSlice } from "../time-slice.ts";

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

/** What was known when it was written. Disposing lets go of its bytes, after which no tool can be looked at. */
export interface Manifest extends Disposable {
  readonly sources: readonly ManifestSource[];
  /** Every public name, sorted. */
  readonly names: readonly string[];
  /** How many tools a source had. */
  countOf(source: string): number;
  /** The tool whose name stands at this place. */
  at(place: number): ManifestTool;
}

/** What a manifest is written from. */
export interface ManifestContent {
  readonly sources: readonly ManifestSource[];
  readonly tools: readonly Pick<ManifestTool, "publicName" | "source" | "name" | "text">[];
}

/** Read before anything else; another version is another format. */
const magic = "op-mcp-manifest 1";

/** The second line: everything a start needs, so that no descriptor is read for it. */
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
export async function formatManifest({ sources, tools }: ManifestContent): Promise<Buffer> {
  const sorted = tools.toSorted((left, right) => (left.publicName < right.publicName ? -1 : 1));
  const slice = new TimeSlice();
  const lines: Buffer[] = [];
  for (const { text } of sorted) {
    lines.push(Buffer.from(`${text}\n`));
    if (slice.isOver) await slice.next();
  }
  const head = Buffer.from(`${JSON.stringify(toHeader(sources, sorted, lines))}\n`);
  await slice.next();
  const body = Buffer.concat([head, ...lines]);
  const sizes = `${head.length} ${body.length}`;
  return Buffer.concat([Buffer.from(`${magic} ${crc32(body)} ${sizes}\n`), body]);
}

function toHeader(
  sources: ManifestContent["sources"],
  tools: ManifestContent["tools"],
  lines: readonly Buffer[],
): Header {
  const places = new Map(sources.map(({ name }, index) => [name, index]));
  let end = 0;
  return {
    sources,
    names: tools.map(({ publicName }) => publicName),
    owners: tools.map(({ source }) => places.get(source) ?? -1),
    renamed: Object.fromEntries(
      tools
        .filter(({ name, publicName }) => name !== publicName)
        .map(({ name, publicName }) => [publicName, name]),
    ),
    ends: lines.map(({ length }) => (end += length)),
  };
}

/** A tool in a manifest: little more than its place. */
class PackedTool implements ManifestTool {
  readonly publicName: string;
  readonly source: string;
  readonly name: string;
  readonly #read: () => string;
  #descriptor: ToolDescriptor | undefined;

  constructor(
    { publicName, source, name }: Omit<ManifestTool, "descriptor" | "text">,
    read: () => string,
  ) {
    this.publicName = publicName;
    this.source = source;
    this.name = name;
    this.#read = read;
  }

  get text(): string {
    return this.#read();
  }

  get descriptor(): ToolDescriptor {
    this.#descriptor ??= parseDescriptorText(this.text);
    return this.#descriptor;
  }
}

class PackedManifest implements Manifest {
  readonly #header: Header;
  readonly #bytes: ManifestBytes;
  /** Where the first tool begins. */
  readonly #start: number;
  /** A map, since a tool may be called like a member that every object inherits. */
  readonly #renamed: ReadonlyMap<string, string>;
  #block: Buffer = Buffer.alloc(0);
  #blockStart = 0;

  constructor(header: Header, bytes: ManifestBytes, start: number) {
    this.#header = header;
    this.#bytes = bytes;
    this.#start = start;
    this.#renamed = new Map(Object.entries(header.renamed));
  }

  get sources(): readonly ManifestSource[] {
    return this.#header.sources;
  }

  get names(): readonly string[] {
    return this.#header.names;
  }

  countOf(source: string): number {
    const owner = this.sources.findIndex(({ name }) => name === source);
    return this.#header.owners.reduce((count, one) => (one === owner ? count + 1 : count), 0);
  }

  at(place: number): ManifestTool {
    const { names, owners, sources } = this.#header;
    const publicName = names[place];
    if (publicName === undefined) throw new RangeError(`the manifest has no place ${place}`);
    const source = sources[owners[place] ?? -1]?.name ?? "";
    const name = this.#renamed.get(publicName) ?? publicName;
    return new PackedTool({ publicName, source, name }, () => this.#textAt(place));
  }

  [Symbol.dispose](): void {
    this.#bytes[Symbol.dispose]();
  }

  #textAt(place: number): string {
    const { ends } = this.#header;
    const start = this.#start + (ends[place - 1] ?? 0);
    // Without the newline at the end.
    const end = this.#start + (ends[place] ?? 1) - 1;
    if (start < this.#blockStart || end > this.#blockStart + this.#block.length)
      this.#readBlock(start, end);
    return this.#block.toString("utf8", start - this.#blockStart, end - this.#blockStart);
  }

  /** Lists look at one tool after the other, so what follows is read along. */
  #readBlock(start: number, end: number): void {
    const block = Buffer.allocUnsafe(Math.max(end - start, blockBytes));
    this.#block = block.subarray(0, this.#bytes.readInto(block, start));
    this.#blockStart = start;
  }
}

/** Why bytes are not a manifest of this version. */
export class UnusableManifest {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

const longestFirstLine = 80;
const chunkBytes = 256 * 1024;
const blockBytes = 64 * 1024;

/**
 * Reads a manifest. Nothing in it is believed before the checksum over all of it holds, so that a torn or damaged file
 * is told from a whole one and never gives a wrong tool.
 */
export function parseManifest(bytes: ManifestBytes): Manifest | UnusableManifest {
  const beginning = Buffer.alloc(Math.min(longestFirstLine, bytes.length));
  bytes.readInto(beginning, 0);
  const [line, checksum, headerLength, bodyLength] =
    /^op-mcp-manifest 1 (\d+) (\d+) (\d+)\n/.exec(beginning.toString("latin1")) ?? [];
  if (line === undefined) return new UnusableManifest("it is not a manifest of this version");
  const start = line.length;
  if (bytes.length - start !== Number(bodyLength)) {
    return new UnusableManifest("it is cut short or has something added");
  }
  const head = Buffer.alloc(Number(headerLength));
  bytes.readInto(head, start);
  // The first line is outside the checksum; what it says of the header shows in where the header's line ends.
  if (head.indexOf("\n") !== head.length - 1)
    return new UnusableManifest("its first line is damaged");
  if (checksumFrom(bytes, start) !== Number(checksum))
    return new UnusableManifest("its checksum does not hold");
  const header: Header = JSON.parse(head.toString());
  return new PackedManifest(header, bytes, start + head.length);
}

function checksumFrom(bytes: ManifestBytes, start: number): number {
  const chunk = Buffer.allocUnsafe(Math.min(chunkBytes, bytes.length));
  let checksum = 0;
  for (let position = start; position < bytes.length;) {
    const count = bytes.readInto(chunk, position);
    if (count === 0) return -1;
    checksum = crc32(chunk.subarray(0, count), checksum);
    position += count;
  }
  return checksum;
}
