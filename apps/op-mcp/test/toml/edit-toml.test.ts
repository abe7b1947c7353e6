import { expect, it } from "vitest";
import { addTomlTable, removeTomlTable } from "../../src/toml/edit-toml.ts";

it("takes a table out with those in it, and leaves its neighbours", () => {
  const text = "[a.b]\nx = 1\n";
  const added = addTomlTable(text, ["a", "c"], { y: 2, z: { w: 3 } });
  expect(added).toBe("[a.b]\nx = 1\n\n[a.c]\ny = 2\n\n[a.c.z]\nw = 3\n");
  expect(removeTomlTable(added, ["a", "c"])).toBe(text);
  expect(removeTomlTable(added, ["a", "b"])).toBe("[a.c]\ny = 2\n\n[a.c.z]\nw = 3\n");
  expect(removeTomlTable(text, ["nothing"])).toBe(text);
});
