import {
  assert,
  constantFrom,
  dictionary,
  property,
  record,
  string,
  array,
  boolean,
  option,
} from "fast-check";
import type { JsonObject } from "op-core";
import { describe, expect, it } from "vitest";
import { exportUpstreams, importUpstreams, type ClientFormat } from "../../src/import/index.ts";

const files: Readonly<Record<ClientFormat, JsonObject>> = {
  "claude-desktop": {
    mcpServers: { files: { command: "npx", args: ["-y", "server", "/srv"], env: { KEY: "v" } } },
  },
  "mcp-json": {
    mcpServers: {
      docs: { type: "http", url: "https://docs.example/mcp", headers: { "X-Key": "${KEY}" } },
      old: { type: "sse", url: "https://old.example/sse", disabled: true },
      far: { type: "http", url: "${BASE:-https://far.example}/mcp" },
      near: { type: "http", url: "http://${HOST}:${PORT}/mcp" },
      live: { url: "wss://${env:HOST}/mcp" },
    },
  },
  cursor: { mcpServers: { local: { command: "server", cwd: "/srv", autoApprove: ["a"] } } },
  vscode: {
    servers: {
      files: { type: "stdio", command: "server", args: ["x"] },
      docs: { type: "http", url: "https://docs.example/mcp" },
    },
  },
  codex: {
    mcp_servers: {
      files: { command: "server", args: ["x"], startup_timeout_sec: 20, enabled: false },
      docs: { url: "https://docs.example/mcp", http_headers: { "X-Key": "v" } },
    },
  },
  gemini: {
    mcpServers: {
      docs: { httpUrl: "https://docs.example/mcp", headers: { "X-Key": "v" }, trust: true },
      old: { url: "https://old.example/sse" },
    },
  },
};
const formats = Object.keys(files) as ClientFormat[];

describe.each(formats)("the file of %s", (format) => {
  it("is written back as it was read", () => {
    const { upstreams, skipped } = importUpstreams(format, files[format]);
    expect(skipped).toEqual([]);
    expect(exportUpstreams(format, upstreams)).toEqual(files[format]);
  });

  it("keeps programs and addresses on the way through every other format", () => {
    const { upstreams } = importUpstreams(format, files[format]);
    const enabled = upstreams.map((upstream) => ({ ...upstream, isEnabled: true, rest: {} }));
    for (const other of formats) {
      // Codex cannot say that a server speaks HTTP+SSE.
      const sayable = enabled.filter(
        ({ config }) => other !== "codex" || config.transport.kind !== "sse",
      );
      const written = exportUpstreams(other, enabled);
      expect(importUpstreams(other, written).upstreams).toEqual(sayable);
    }
  });

  it("of nonsense has no servers, and one bad entry hurts no other", () => {
    expect(importUpstreams(format, null).upstreams).toEqual([]);
    const [key] = Object.keys(files[format]);
    const file = {
      [key!]: { bad: 7, empty: {}, args: { command: "x", args: [1] }, good: { command: "x" } },
    };
    const { upstreams, skipped } = importUpstreams(format, file);
    expect(upstreams.map(({ config }) => config.name)).toEqual(["good"]);
    expect(skipped.map(({ name }) => name)).toEqual(["bad", "empty", "args"]);
  });
});

describe("any servers", () => {
  const text = string({ minLength: 1, maxLength: 8 });
  const texts = dictionary(text, text, { maxKeys: 3, noNullPrototype: true });
  const program = record({
    config: record({
      name: constantFrom("a", "b-1"),
      transport: record({
        kind: constantFrom("stdio" as const),
        argv: array(text, { minLength: 1, maxLength: 3 }).map(
          (argv) => argv as [string, ...string[]],
        ),
        env: texts,
      }),
    }),
    isEnabled: boolean(),
    rest: option(constantFrom<JsonObject>({ note: 1 }), { nil: {} }),
  });

  it("are the same after they were written and read", () => {
    assert(
      property(
        program,
        constantFrom(...formats.filter((one) => one !== "gemini")),
        (upstream, format) => {
          const written = exportUpstreams(format, [upstream]);
          expect(importUpstreams(format, JSON.parse(JSON.stringify(written))).upstreams).toEqual([
            upstream,
          ]);
        },
      ),
      { seed: 7 },
    );
  });

  it("get names that are names here, each its own", () => {
    const file = { mcpServers: { "my server!": { command: "x" }, "my server?": { command: "y" } } };
    const names = importUpstreams("cursor", file).upstreams.map(({ config }) => config.name);
    expect(new Set(names).size).toBe(2);
    for (const name of names) expect(name).toMatch(/^[A-Za-z0-9_-]{1,48}$/u);
  });
});
