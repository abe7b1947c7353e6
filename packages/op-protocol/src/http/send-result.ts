import type { ServerResponse } from "node:http";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip, zstdCompress } from "node:zlib";
import { sendJson } from "./refusal.ts";

/** What is shorter fits into one packet anyway. */
const leastBytes = 1024;

/** Quick rather than small: a long list of tools shrinks to a twentieth either way. */
const brotliQuality = 4;

type Compress = (text: string) => Promise<Buffer>;

const compressBrotli = promisify(brotliCompress);
const params = { [constants.BROTLI_PARAM_QUALITY]: brotliQuality };

/** From the one that is preferred. */
const compressions = new Map<string, Compress>([
  ["zstd", promisify<string, Buffer>(zstdCompress)],
  ["br", (text) => compressBrotli(text, { params })],
  ["gzip", promisify<string, Buffer>(gzip)],
]);

const wanted = /^(?<name>[a-z]+)\s*(?:;\s*q=(?<weight>[\d.]+))?$/u;

/** The encodings a client reads. */
function parseAcceptEncoding(header: string): ReadonlySet<string> {
  const names = header
    .toLowerCase()
    .split(",")
    .flatMap((part) => {
      const groups = wanted.exec(part.trim())?.groups;
      const name = groups?.["name"];
      return name === undefined || Number(groups?.["weight"] ?? 1) === 0 ? [] : [name];
    });
  return new Set(names);
}

/** Answers a request with its result, compressed where the client reads that and it is worth it. */
export async function sendResult(res: ServerResponse, status: number, text: string): Promise<void> {
  const accepted = res.req.headers["accept-encoding"];
  if (typeof accepted !== "string" || text.length < leastBytes) {
    sendJson(res, status, text);
    return;
  }
  const read = parseAcceptEncoding(accepted);
  for (const [name, compress] of compressions) {
    if (!read.has(name)) continue;
    const headers = { "content-encoding": name, vary: "accept-encoding" };
    sendJson(res, status, await compress(text), headers);
    return;
  }
  sendJson(res, status, text);
}
