import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assert, jsonValue, property } from "fast-check";
import type { JsonValue } from "op-core";
import { describe, expect, it } from "vitest";
import { createFilePinStore, diffDefinitions, definitionHash } from "../../src/index.ts";

describe("definitions", () => {
  it("differ in places that are named", () => {
    const before = { description: "a", inputSchema: { "x/y": 1, kept: [1] } };
    const after = { inputSchema: { "x/y": 2, kept: [1] }, title: "t" };
    expect(diffDefinitions(before, after)).toEqual([
      { path: "/description", before: "a" },
      { path: "/inputSchema/x~1y", before: 1, after: 2 },
      { path: "/title", after: "t" },
    ]);
  });

  it("have equal hashes exactly when they differ nowhere", () => {
    assert(
      property(jsonValue(), jsonValue(), (left, right) => {
        const [before, after] = [{ value: left as JsonValue }, { value: right as JsonValue }];
        expect(diffDefinitions(before, after).length === 0).toBe(
          definitionHash(before) === definitionHash(after),
        );
        expect(diffDefinitions(before, before)).toEqual([]);
      }),
      { seed: 7 },
    );
  });

  it("are kept in files, one for each upstream", async () => {
    const folder = await mkdtemp(join(tmpdir(), "pins-"));
    const store = createFilePinStore(join(folder, "pins"));
    expect(await store.read("a")).toEqual({});
    await store.write("a", { tool: { name: "tool" } });
    expect(await createFilePinStore(join(folder, "pins")).read("a")).toEqual({
      tool: { name: "tool" },
    });
    expect(await store.read("b")).toEqual({});
    await rm(folder, { recursive: true });
  });
});
