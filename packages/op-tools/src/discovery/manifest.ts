import { crc32 } from "node:zlib";
import type { ToolDescriptor } from "../tool/tool-descriptor.ts";
import { parseDescriptorText } from "./descriptor-text.ts";
import { TimeSlice } from "./time-slice.ts";

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
  return Buffer.concat([Buffer.from(`${magic} ${crc32(body)} ${body.length}\n`), body]);
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

/** A whole manifest in memory, in which each tool is a place. */
class Pack {
  readonly #bytes: Buffer;
  readonly #ends: readonly number[];
  /** A map, since a tool may be called like a member that every object inherits. */
  readonly #renamed: ReadonlyMap<string, string>;

  constructor({ ends, renamed }: Header, bytes: Buffer) {
    this.#bytes = bytes;
    this.#ends = ends;
    this.#renamed = new Map(Object.entries(renamed));
  }

  originalOf(publicName: string): string {
    return this.#renamed.get(publicName) ?? publicName;
  }

  textOf(place: number): string {
    return this.#bytes.toString("utf8", this.#ends[place - 1] ?? 0, (this.#ends[place] ?? 1) - 1);
  }
}

type PublicTool = Pick<ManifestTool, "publicName" | "source">;

/** Little more than a place, since ten thousand of them are made at a start. */
class PackedTool implements ManifestTool {
  readonly publicName: string;
  readonly source: string;
  readonly #pack: Pack;
  readonly #place: number;
  #descriptor: ToolDescriptor | undefined;

  constructor({ publicName, source }: PublicTool, pack: Pack, place: number) {
    this.publicName = publicName;
    this.source = source;
    this.#pack = pack;
    this.#place = place;
  }

  get name(): string {
    return this.#pack.originalOf(this.publicName);
  }

  get text(): string {
    return this.#pack.textOf(this.#place);
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
  const header: Header = JSON.parse(body.toString("utf8", 0, headerEnd));
  const pack = new Pack(header, body.subarray(headerEnd + 1));
  const owners = header.sources.map(({ name }) => name);
  const tools = header.names.map((publicName, place) => {
    const source = owners[header.owners[place] ?? -1] ?? "";
    return new PackedTool({ publicName, source }, pack, place);
  });
  return { sources: header.sources, tools };
}
