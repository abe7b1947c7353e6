import { describe, expect, it } from "vitest";
import { modernRequest } from "../fixtures/hosted.ts";
import {
  accept,
  auth,
  close,
  host,
  json,
  post,
  signedIn,
  statusOf,
  type RawCase,
  Target,
} from "../fixtures/target.ts";

const target = new Target();

const valid = modernRequest("tools/list");

describe("a body that is none", () => {
  const types = [
    "text/plain",
    "text/html",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/xml",
    "application/json-seq",
    "application/jsonp",
    "application/json; charset=latin1",
    "application/json; charset=utf-16",
    "json",
    "*/*",
    "",
  ];
  for (const type of types) {
    target.itRefuses(`of type ${JSON.stringify(type)}`, {
      head: [post, host, auth, `Content-Type: ${type}`, accept, close, "Content-Length: 2"],
      body: "{}",
      status: 415,
    });
  }
  for (const encoding of ["gzip", "br", "zstd", "deflate", "gzip, gzip", "x"]) {
    target.itRefuses(`in the encoding ${encoding}`, {
      head: [...signedIn, `Content-Encoding: ${encoding}`, "Content-Length: 2"],
      body: "{}",
      status: 415,
    });
  }
  for (const accepted of ["text/html", "image/*", "application/json;q=0, text/event-stream;q=0"]) {
    target.itRefuses(`to be answered as ${accepted}`, {
      head: [post, host, auth, json, `Accept: ${accepted}`, close, "Content-Length: 2"],
      body: "{}",
      status: 406,
    });
  }

  const bodies: Readonly<Record<string, string | Buffer>> = {
    "a lone continuation byte": Buffer.from([0x22, 0x80, 0x22]),
    "an overlong slash": Buffer.from([0x22, 0xc0, 0xaf, 0x22]),
    "a surrogate": Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]),
    "a code point beyond Unicode": Buffer.from([0x22, 0xf4, 0x90, 0x80, 0x80, 0x22]),
    "a cut character": Buffer.from([0x22, 0xe2, 0x82, 0x22]),
    "UTF-16": Buffer.from('{"jsonrpc":"2.0"}', "utf16le"),
    "a byte order mark": "\uFEFF{}",
    "zero bytes": Buffer.alloc(16),
    "half an object": '{"jsonrpc":',
    "two objects": "{}{}",
    "a comment": "/**/{}",
    "a trailing comma": '{"a":1,}',
    NaN: "NaN",
    "a number in hexadecimal": "0x10",
    "single quotes": "{'a':1}",
    "a raw line feed in text": '"a\nb"',
    HTML: "<html></html>",
    "an empty list": "[]",
    "a list of lists": "[[]]",
    null: "null",
    "a number": "7",
    "an empty object": "{}",
    "no method": '{"jsonrpc":"2.0","id":1}',
    "a method that is a number": '{"jsonrpc":"2.0","id":1,"method":1}',
    "another version of JSON-RPC": '{"jsonrpc":"1.0","id":1,"method":"ping"}',
    "an id that is an object": '{"jsonrpc":"2.0","id":{},"method":"ping"}',
    "parameters that are text": '{"jsonrpc":"2.0","id":1,"method":"ping","params":"x"}',
    "brackets without end": "[".repeat(60_000),
  };
  for (const [name, body] of Object.entries(bodies)) {
    target.itRefuses(name, {
      head: [...signedIn, `Content-Length: ${Buffer.byteLength(body)}`],
      body,
      status: 400,
    });
  }
});

describe("headers of the protocol that do not fit", () => {
  const modern = (headers: Readonly<Record<string, string | undefined>>): RawCase["head"] => {
    const own: Record<string, string | undefined> = {
      "mcp-protocol-version": "2026-07-28",
      "mcp-method": "tools/list",
      ...headers,
    };
    const lines = Object.entries(own).flatMap(([name, value]) =>
      value === undefined ? [] : [`${name}: ${value}`],
    );
    return [...signedIn, ...lines, `Content-Length: ${valid.body.length}`];
  };
  const cases: Readonly<Record<string, Readonly<Record<string, string | undefined>>>> = {
    "no method": { "mcp-method": undefined },
    "another method": { "mcp-method": "tools/call" },
    "a method in capitals": { "mcp-method": "TOOLS/LIST" },
    "no version": { "mcp-protocol-version": undefined },
    "another version": { "mcp-protocol-version": "2025-11-25" },
    "a version of the future": { "mcp-protocol-version": "2099-01-01" },
    "a version that is none": { "mcp-protocol-version": "latest" },
  };
  for (const [name, headers] of Object.entries(cases)) {
    target.itRefuses(name, { head: modern(headers), body: valid.body, status: 400 });
  }
  target.itRefuses("a session that nobody opened", {
    head: [
      "GET /mcp HTTP/1.1",
      host,
      auth,
      "Accept: text/event-stream",
      "Mcp-Session-Id: nobody",
      close,
    ],
    status: 404,
  });
  target.itRefuses("a session with a path for an id", {
    head: ["DELETE /mcp HTTP/1.1", host, auth, "Mcp-Session-Id: ../../etc/passwd", close],
    status: 404,
  });
  target.itRefuses("no session at all", {
    head: ["GET /mcp HTTP/1.1", host, auth, "Accept: text/event-stream", close],
    status: 400,
  });
  for (const method of ["PUT", "PATCH", "HEAD", "TRACE", "PROPFIND", "OPTIONS"]) {
    it(`is 405: ${method}`, async () => {
      const before = target.hosted.noted.length;
      const answer = await target.exchange({
        head: [`${method} /mcp HTTP/1.1`, host, auth, close],
      });
      expect(statusOf(answer)).toBe(405);
      expect(await target.isAudited(before)).toBe(true);
    });
  }
});
