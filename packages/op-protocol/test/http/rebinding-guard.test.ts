import { describe, expect, it } from "vitest";
import { createRebindingGuard, loopbackHosts } from "../../src/http/index.ts";

const guard = createRebindingGuard({ hosts: loopbackHosts, origins: ["https://app.example"] });

describe("the guard against rebound names", () => {
  it.each([
    [{ host: "localhost" }],
    [{ host: "LOCALHOST:3000" }],
    [{ host: "127.0.0.1:80" }],
    [{ host: "[::1]:3000" }],
    [{ host: "localhost", origin: "http://localhost:8080" }],
    [{ host: "localhost", origin: "https://127.0.0.1" }],
    [{ host: "localhost", origin: "https://app.example" }],
  ])("lets in %j", (headers) => {
    expect(guard({ headers })).toBeUndefined();
  });

  it.each([
    [{}],
    [{ host: "" }],
    [{ host: "evil.example" }],
    [{ host: "localhost.evil.example" }],
    [{ host: "localhost@evil.example" }],
    [{ host: "evil.example:localhost" }],
    [{ host: "localhost:3000:4000" }],
    [{ host: "127.0.0.2" }],
    [{ host: "localhost", origin: "null" }],
    [{ host: "localhost", origin: "" }],
    [{ host: "localhost", origin: "http://evil.example" }],
    [{ host: "localhost", origin: "http://localhost.evil.example" }],
    [{ host: "localhost", origin: "http://localhost@evil.example" }],
    [{ host: "localhost", origin: "file://localhost" }],
    [{ host: "localhost", origin: "https://app.example.evil" }],
  ])("turns away %j", (headers) => {
    expect(guard({ headers })?.status).toBe(403);
  });
});
