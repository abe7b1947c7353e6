import { UpstreamSettings } from "op-aggregator/config";
import { describe, expect, it } from "vitest";
import { findUpstreamProblem } from "../../src/upstreams/upstream-problem.ts";

const good = {
  files: { command: "npx", args: ["-y", "server", "/srv"], env: { A: "b" } },
  notes: { url: "https://notes.example/mcp", auth: { oauth: "person" } },
  shop: {
    url: "https://shop.example/mcp",
    auth: { oauth: "client", clientId: "op", clientSecret: "env:SHOP" },
  },
  values: { url: "${BASE}/mcp", values: { BASE: "env:BASE" } },
  events: { url: "wss://events.example/", auth: { token: "file:/run/token" } },
} as const;

describe("the configuration of a server", () => {
  it.each(Object.entries(good))("is usable as %s", (name, settings) => {
    expect(UpstreamSettings.safeParse(settings).success).toBe(true);
    expect(findUpstreamProblem(name, { [name]: UpstreamSettings.parse(settings) })).toBeUndefined();
  });

  it.each([
    ["a b", { command: "x" }, "needs 1 to 48"],
    ["builtin", { command: "x" }, "op-mcp's own"],
    ["dbus-far", { command: "x" }, "op-mcp's own"],
    ["none", {}, "neither a command nor a URL"],
    ["both", { command: "x", url: "https://x" }, "a command and a URL"],
    ["url", { url: "nowhere" }, "its URL is none"],
    ["unfilled", { url: "${BASE}/mcp" }, "its URL is none"],
    ["misnamed", { command: "x", values: { "a b": "env:A" } }, "needs a name of letters"],
    [
      "filled",
      { url: "https://${H}/", values: { H: "env:H" }, auth: { oauth: "person" } },
      "has to be written out",
    ],
    ["type", { command: "x", type: "http" }, "its type is http"],
    ["key", { command: "x", auth: { token: "env:T" } }, "by its environment"],
    ["two", { url: "https://x", auth: { token: "env:T", oauth: "person" } }, "a token and OAuth"],
    ["ws", { url: "wss://x", auth: { oauth: "person" } }, "over HTTP"],
    ["client", { url: "https://x", auth: { oauth: "client" } }, "no clientId"],
    ["proof", { url: "https://x", auth: { oauth: "client", clientId: "a" } }, "neither a secret"],
    ["each", { url: "https://x", auth: { users: "each" } }, "each for themselves"],
  ])("as %s is refused with a reason", (name, settings, reason) => {
    const parsed = UpstreamSettings.parse(settings);
    expect(findUpstreamProblem(name, { [name]: parsed })).toContain(reason);
  });

  it("is refused for the later one of two whose names would have the same URIs", () => {
    const servers = { "a-b": { command: "x" }, a_b: { command: "y" } };
    expect(findUpstreamProblem("a-b", servers)).toBeUndefined();
    expect(findUpstreamProblem("a_b", servers)).toContain("a-b");
  });
});
