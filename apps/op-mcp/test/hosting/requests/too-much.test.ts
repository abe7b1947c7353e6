import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import { exchangeBytes, openHosted } from "../fixtures/hosted.ts";
import {
  answersIn,
  close,
  host,
  isRefusal,
  json,
  post,
  signedIn,
  statusOf,
  Target,
} from "../fixtures/target.ts";

const target = new Target();

const smuggled = "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n";

describe("too much", () => {
  target.itRefuses("of one header", {
    head: [...signedIn, `X-Long: ${"a".repeat(9000)}`],
    status: 431,
  });
  target.itRefuses("of many headers", {
    head: [...signedIn, ...Array.from({ length: 1500 }, (_, index) => `X-${index}: ${index}`)],
    status: 431,
  });
  target.itRefuses("of headers without a value", {
    head: [...signedIn, ...Array.from({ length: 2500 }, (_, index) => `X-${index}:`)],
    status: 431,
  });
  target.itRefuses("of a path", { head: [`GET /${"a".repeat(9000)} HTTP/1.1`, host], status: 431 });
  target.itRefuses("of a query", {
    head: [`POST /mcp?${"a".repeat(9000)} HTTP/1.1`, host],
    status: 431,
  });
  target.itRefuses("of cookies", {
    head: [...signedIn, `Cookie: ${"a=b; ".repeat(2000)}`],
    status: 431,
  });
  target.itRefuses("of a token", {
    head: [post, host, `Authorization: Bearer ${"a".repeat(8200)}`],
    status: 431,
  });
  target.itRefuses("of a body, announced", {
    head: [...signedIn, "Content-Length: 70000"],
    body: "x",
    status: 413,
  });
  target.itRefuses("of a body, a terabyte announced", {
    head: [...signedIn, "Content-Length: 1099511627776"],
    status: 413,
  });
  target.itRefuses("of a body, in chunks", {
    head: [...signedIn, "Transfer-Encoding: chunked"],
    body: `11170\r\n${"x".repeat(0x11170)}\r\n0\r\n\r\n`,
    status: 413,
  });
  target.itRefuses("of chunk extensions", {
    head: [...signedIn, "Transfer-Encoding: chunked"],
    body: `2;${"a".repeat(20_000)}\r\n{}\r\n0\r\n\r\n`,
    status: 413,
  });

  it("of it without a token is refused before it comes", async () => {
    const head = [post, host, json, "Content-Length: 1099511627776"];
    const answer = await exchangeBytes(target.hosted.port, target.toBytes({ head }), isRefusal);
    expect(statusOf(answer)).toBe(401);
  });

  it("of it with a token is refused before it is asked for", async () => {
    const head = [...signedIn, "Expect: 100-continue", "Content-Length: 70000"];
    const answer = await exchangeBytes(target.hosted.port, target.toBytes({ head }), isRefusal);
    expect(statusOf(answer)).toBe(413);
  });

  it("of it that goes on coming without a token is cut off", async () => {
    const ended = await new Promise<number>((resolve) => {
      const socket = connect({ port: target.hosted.port, host: "127.0.0.1" });
      let sent = 0;
      const chunk = Buffer.alloc(64 * 1024, 0x61);
      const head = [post, host, json, "Content-Length: 1099511627776"];
      socket.on("error", () => undefined).on("close", () => resolve(sent));
      const push = (): void => {
        while (!socket.destroyed && socket.write(chunk)) sent += chunk.length;
        sent += chunk.length;
      };
      socket.write(target.toBytes({ head }));
      socket.on("drain", push).resume();
      push();
    });
    expect(ended).toBeLessThan(64 * 1024 * 1024);
    expect(await target.isAlive()).toBe(true);
  });
});

describe("what takes too long", () => {
  it.each([
    ["headers that never end", `${post}\r\n${host}\r\nX-Slow: `],
    ["a request line that never ends", "POST /mcp"],
    ["a body that never comes", `${post}\r\n${host}\r\n${json}\r\nContent-Length: 10\r\n`],
  ])("is 408, and audited: %s", async (_name, start) => {
    const before = target.hosted.noted.length;
    const answer = await exchangeBytes(target.hosted.port, start);
    expect([401, 408]).toContain(statusOf(answer));
    expect(await target.isAudited(before)).toBe(true);
  });

  it("is 408: a body that comes byte by byte", async () => {
    const head = [...signedIn, "Content-Length: 1000"];
    const answer = await exchangeBytes(target.hosted.port, [target.toBytes({ head }), "{", "}"]);
    expect(statusOf(answer)).toBe(408);
  });

  it("holds nobody else up", async () => {
    expect(await target.isAlive()).toBe(true);
  });
});

describe("many at once", () => {
  it("are answered one by one where they came in a row", async () => {
    const one = `GET /health HTTP/1.1\r\n${host}\r\n\r\n`;
    const last = `GET /health HTTP/1.1\r\n${host}\r\n${close}\r\n\r\n`;
    const text = await exchangeBytes(target.hosted.port, one.repeat(50) + last);
    expect(answersIn(text)).toBe(51);
  });

  it("that leave at once harm nobody", async () => {
    const leave = (): Promise<void> =>
      new Promise((resolve) => {
        const socket = connect({ port: target.hosted.port, host: "127.0.0.1" }, () => {
          socket.write(target.toBytes({ head: [...signedIn, "Content-Length: 100"] }));
          socket.resetAndDestroy();
        });
        socket.on("close", () => resolve()).on("error", () => undefined);
      });
    await Promise.all(Array.from({ length: 100 }, leave));
    expect(await target.isAlive()).toBe(true);
  });

  it("more than may be are closed, and noted", async () => {
    await using small = await openHosted({ serve: { limits: { maxConnections: 2 } } });
    const first = [0, 1].map(() => connect({ port: small.port, host: "127.0.0.1" }));
    await Promise.all(
      first.map((socket) => new Promise((resolve) => socket.once("connect", resolve))),
    );
    expect(await exchangeBytes(small.port, smuggled)).toBe("");
    expect(small.reasons()).toEqual(["too-many-connections"]);
    for (const socket of first) socket.destroy();
  });
});
