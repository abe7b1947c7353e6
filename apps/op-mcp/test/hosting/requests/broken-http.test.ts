import { describe } from "vitest";
import {
  accept,
  auth,
  close,
  host,
  json,
  post,
  signedIn,
  type RawCase,
  Target,
} from "../fixtures/target.ts";

const target = new Target();

const smuggled = "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n";

describe("what could be read as two requests by somebody in between", () => {
  const cases: Readonly<Record<string, RawCase>> = {
    "length and chunks": {
      head: [...signedIn, "Content-Length: 5", "Transfer-Encoding: chunked"],
      body: `0\r\n\r\n${smuggled}`,
      status: 400,
    },
    "chunks and length": {
      head: [...signedIn, "Transfer-Encoding: chunked", "Content-Length: 5"],
      body: `0\r\n\r\n${smuggled}`,
      status: 400,
    },
    "two lengths": {
      head: [...signedIn, "Content-Length: 5", "Content-Length: 60"],
      body: `{}   ${smuggled}`,
      status: 400,
    },
    "a list of lengths": {
      head: [...signedIn, "Content-Length: 5, 60"],
      body: `{}   ${smuggled}`,
      status: 400,
    },
  };
  for (const [name, hostile] of Object.entries(cases)) target.itRefuses(name, hostile);

  const lengths = [
    "+5",
    "-5",
    "0x5",
    "5 5",
    "5;",
    "five",
    "5.0",
    "1e1",
    "99999999999999999999",
    "",
  ];
  for (const length of lengths) {
    target.itRefuses(`a length of ${JSON.stringify(length)}`, {
      head: [...signedIn, `Content-Length: ${length}`],
      body: `{}   ${smuggled}`,
      status: 400,
    });
  }

  const encodings = [
    "xchunked",
    "chunked, identity",
    "identity, chunked, identity",
    "chunked, chunked, gzip",
    "gzip",
    "chunked;q=1",
    "\u000Bchunked",
    "chunked\u000B",
    "cow",
  ];
  for (const encoding of encodings) {
    target.itRefuses(`an encoding of ${JSON.stringify(encoding)}`, {
      head: [...signedIn, `Transfer-Encoding: ${encoding}`],
      body: `0\r\n\r\n${smuggled}`,
      status: 400,
    });
  }

  const names = [
    "Content-Length : 5",
    "Content Length: 5",
    "Content-Length\t: 5",
    " Content-Length: 5",
    "Transfer-Encoding : chunked",
    "Transfer\u0000Encoding: chunked",
    "Trånsfer-Encoding: chunked",
    ": nameless",
    "no colon at all",
    "X: a\u0000b",
    "X: a\rb",
    "X: a\nInjected: b\rc",
    "X[]: 1",
    "X{}: 1",
    '"X": 1',
    "X@Y: 1",
    "X,Y: 1",
    "X;Y: 1",
    "X/Y: 1",
    "X=Y: 1",
    "X?Y: 1",
    "(X): 1",
    "<X>: 1",
    "\u007FX: 1",
    "X: \u0001",
    "X: \u0008",
    "X: \u007F",
  ];
  for (const line of names) {
    target.itRefuses(`the header line ${JSON.stringify(line)}`, {
      head: [post, host, line, auth, json, accept, close],
      body: "0\r\n\r\n",
      status: 400,
    });
  }

  const chunks: Readonly<Record<string, string>> = {
    "no size": "\r\n{}\r\n0\r\n\r\n",
    "a size that is no number": "zz\r\n{}\r\n0\r\n\r\n",
    "a negative size": "-2\r\n{}\r\n0\r\n\r\n",
    "a size beyond all bounds": "fffffffffffffffff\r\n{}\r\n0\r\n\r\n",
    "a size with a prefix": "0x2\r\n{}\r\n0\r\n\r\n",
    "a size with a space before": " 2\r\n{}\r\n0\r\n\r\n",
    "a chunk longer than its size": "2\r\n{}{}\r\n0\r\n\r\n",
    "line feeds alone": "2\n{}\n0\n\n",
    "an extension with control characters": "2;\u0001\r\n{}\r\n0\r\n\r\n",
    "a carriage return in an extension": "2;a\rb\r\n{}\r\n0\r\n\r\n",
  };
  for (const [name, body] of Object.entries(chunks)) {
    target.itRefuses(`in chunks: ${name}`, {
      head: [...signedIn, "Transfer-Encoding: chunked"],
      body,
      status: 400,
    });
  }
});

describe("what is no request", () => {
  const lines = [
    "GET",
    "GET / HTTP/1.1 extra",
    "GET / HTTP/9.9",
    "GET / http/1.1",
    "GET / HTTP/1.1\u0000",
    "G\u0000T / HTTP/1.1",
    "get / HTTP/1.1",
    "FROB / HTTP/1.1",
    "GET\t/\tHTTP/1.1",
    " GET / HTTP/1.1",
    "GET /\u0000 HTTP/1.1",
    "GET /a b HTTP/1.1",
    "GET / HTTPS/1.1",
    "SSH-2.0-OpenSSH_9.2",
    "EHLO example.org",
    "\u0016\u0003\u0001\u0002\u0000\u0001",
    "PRI * HTTP/2.0",
    "{}",
    "\u0080\u0081\u0082",
  ];
  for (const line of lines) {
    target.itRefuses(JSON.stringify(line), { head: [line, host, close], status: 400 });
  }
  target.itRefuses("a request without a version", { head: ["GET /", host, close], status: 505 });
  target.itRefuses("another version", { head: ["GET / HTTP/2.0", host, close], status: 505 });
  target.itRefuses("two spaces", { head: ["GET  / HTTP/1.1", host, close], status: 404 });
  target.itRefuses("a tunnel", { head: ["CONNECT example.org:443 HTTP/1.1", host], status: 405 });
});
