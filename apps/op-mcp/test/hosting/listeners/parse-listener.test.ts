import { assert, property, string } from "fast-check";
import { expect, it } from "vitest";
import { ListenerInvalidError } from "../../../src/hosting/hosting-error.ts";
import { endpointOf } from "../../../src/hosting/listeners/endpoint-of.ts";
import { parseListener } from "../../../src/hosting/listeners/parse-listener.ts";

it.each([
  ["http://127.0.0.1:7411", { kind: "tcp", host: "127.0.0.1", port: 7411, isTls: false }],
  [
    "https://mcp.example.org:443/",
    { kind: "tcp", host: "mcp.example.org", port: 443, isTls: true },
  ],
  ["http://[::1]:80", { kind: "tcp", host: "::1", port: 80, isTls: false }],
  ["unix:/run/mcp.sock", { kind: "unix", path: "/run/mcp.sock" }],
  ["unix:///run/mcp.sock", { kind: "unix", path: "/run/mcp.sock" }],
  ["unix:/s?user=ada", { kind: "unix", path: "/s", user: "ada" }],
  ["unix:/s?mode=0660&group=ops", { kind: "unix", shared: { mode: 0o660, group: "ops" } }],
  ["unix:/s?group=ops", { kind: "unix", shared: { mode: 0o660, group: "ops" } }],
  ["unix:/s?mode=666", { kind: "unix", shared: { mode: 0o666 } }],
  ["systemd:", { kind: "systemd", isTls: false }],
  ["systemd:web", { kind: "systemd", name: "web", isTls: false }],
  ["systemd+https:web", { kind: "systemd", name: "web", isTls: true }],
])("understands %s", (text, spec) => {
  expect(parseListener(text)).toMatchObject(spec);
});

it.each([
  "",
  "7411",
  "127.0.0.1:7411",
  "http://127.0.0.1",
  "http://127.0.0.1:99999",
  "http://127.0.0.1:7411/mcp",
  "http://user@127.0.0.1:7411",
  "http://127.0.0.1:7411?x",
  "ws://127.0.0.1:7411",
  "unix:run/mcp.sock",
  "unix:/run/",
  `unix:/${"a".repeat(100)}`,
  "unix:/s?mode=9",
  "unix:/s?mode=4777",
  "unix:/s?owner=ada",
])("refuses %j with an advice", (text) => {
  expect(() => parseListener(text)).toThrow(ListenerInvalidError);
});

it("throws nothing but its own error, whatever is written", () => {
  const thrownBy = (text: string): unknown => {
    try {
      parseListener(text);
      return undefined;
    } catch (error) {
      return error;
    }
  };
  assert(
    property(string(), (text) => {
      const thrown = thrownBy(text);
      expect(thrown === undefined || thrown instanceof ListenerInvalidError).toBe(true);
    }),
    { seed: 5 },
  );
});

it("names the URL of clients on this machine", () => {
  expect(endpointOf(["unix:/s", "https://0.0.0.0:8443"])).toBe("https://127.0.0.1:8443/mcp");
  expect(endpointOf(["http://[::1]:80"])).toBe("http://[::1]:80/mcp");
  expect(endpointOf(["unix:/s"])).toBeUndefined();
});
