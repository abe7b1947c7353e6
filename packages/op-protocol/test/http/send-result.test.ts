import { request, type IncomingHttpHeaders } from "node:http";
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from "node:zlib";
import { textResult } from "op-tools";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { modernHeaders, openEndpoint, type Endpoint } from "../fixtures/http-endpoint.ts";
import { modernMeta } from "../fixtures/raw-client.ts";
import { sampleTool } from "../fixtures/sample-host.ts";

let endpoint: Endpoint;

beforeAll(async () => {
  endpoint = await openEndpoint();
  endpoint.host.tools.add(sampleTool("long"), () => textResult("all the same ".repeat(1000)));
});
afterAll(() => endpoint[Symbol.asyncDispose]());

/** A call whose answer is left as it came. */
function callRaw(
  name: string,
  encodings?: string,
): Promise<{ readonly headers: IncomingHttpHeaders; readonly body: Buffer }> {
  const params = { name, _meta: modernMeta() };
  const headers = {
    ...modernHeaders("tools/call", params),
    "content-type": "application/json",
    ...(encodings === undefined ? {} : { "accept-encoding": encodings }),
  };
  return new Promise((resolve, reject) => {
    const req = request(endpoint.url, { method: "POST", headers }, (res) => {
      const parts: Buffer[] = [];
      res.on("data", (part: Buffer) => parts.push(part));
      res.on("end", () => resolve({ headers: res.headers, body: Buffer.concat(parts) }));
    });
    req.on("error", reject);
    req.end(JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params }));
  });
}

describe("a long answer", () => {
  it.each([
    ["gzip, deflate, br, zstd", "zstd", zstdDecompressSync],
    ["gzip;q=1.0, BR;q=0.5", "br", brotliDecompressSync],
    ["zstd;q=0, br;q=0, gzip", "gzip", gunzipSync],
  ])("is compressed for who reads %s", async (encodings, encoding, decompress) => {
    const { headers, body } = await callRaw("long", encodings);
    expect(headers).toMatchObject({ "content-encoding": encoding, vary: "accept-encoding" });
    expect(body.length).toBeLessThan(1000);
    expect(JSON.parse(decompress(body).toString("utf8"))).toMatchObject({ id: 1, result: {} });
  });

  it.each([undefined, "identity", "deflate", "*", ";;", "gzip;q=0"])(
    "is left as it is for who reads %s",
    async (encodings) => {
      const { headers, body } = await callRaw("long", encodings);
      expect(headers["content-encoding"]).toBeUndefined();
      expect(JSON.parse(body.toString("utf8"))).toMatchObject({ id: 1 });
    },
  );
});

it("a short answer is never compressed", async () => {
  expect((await callRaw("echo", "gzip")).headers["content-encoding"]).toBeUndefined();
});
