import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

test("the built program carries the licences of the libraries that are in it", () => {
  const path = new URL("../../dist/bundle/THIRD-PARTY-LICENSES.txt", import.meta.url);
  const text = readFileSync(path, "utf8");
  const parts = text.split(/^-{80}$/mu).map((part) => part.trim());
  const textOf = (library: string): string | undefined =>
    parts[parts.findIndex((part) => part.startsWith(`${library} `)) + 1];
  for (const library of ["zod", "pino", "ws", "lru-cache", "yaml", "@modelcontextprotocol/core"]) {
    expect(textOf(library), library).toMatch(/permission|permitted|license/iu);
  }
  // Our own packages are under the licence of the whole.
  expect(text).not.toMatch(/^op-/mu);
});
