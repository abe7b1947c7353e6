import { describe, expect, it } from "vitest";
import { createMemorySource } from "../../src/index.ts";
import { describeToolSource } from "../../src/testing/index.ts";
import { plainTool } from "../fixtures/plain-tool.ts";

describeToolSource("a memory source", () =>
  Promise.resolve(createMemorySource("memory", [plainTool("a"), plainTool("b")])),
);

describe("a memory source", () => {
  it("tells every reader what is added, replaced and removed", async () => {
    const source = createMemorySource("memory");
    const controller = new AbortController();
    const read = async (): Promise<string[]> => {
      const seen: string[] = [];
      for await (const change of source.changes({ signal: controller.signal })) {
        seen.push(change.kind);
        if (seen.length === 3) return seen;
      }
      return seen;
    };
    const readers = [read(), read()];
    await Promise.resolve();
    source.add(plainTool("a"));
    source.replace(plainTool("a"));
    expect(source.remove("a")).toBe(true);
    expect(source.remove("a")).toBe(false);
    expect(await Promise.all(readers)).toEqual(
      [1, 2].map(() => ["tool-added", "tool-changed", "tool-removed"]),
    );
    controller.abort();
  });

  it("refuses to offer a name twice, or to replace what it has not", () => {
    const source = createMemorySource("memory", [plainTool("a")]);
    expect(() => source.add(plainTool("a"))).toThrow(
      expect.objectContaining({ code: "ERR_TOOL_EXISTS" }),
    );
    expect(() => source.replace(plainTool("b"))).toThrow(
      expect.objectContaining({ code: "ERR_TOOL_NOT_FOUND" }),
    );
  });
});
