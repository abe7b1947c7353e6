import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createMemorySource, type ToolSource } from "../../src/index.ts";
import { plainDescriptor, plainTool } from "../fixtures/plain-tool.ts";
import { listing, open, turns } from "./open-test-discovery.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "op-tools-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

describe("the manifest", () => {
  const path = (): string => join(folder, "tools.manifest");

  it("makes everything known at once in the next run, before any source is asked", async () => {
    const gate = { isOpen: true };
    const source = listing("slow", async function* () {
      if (!gate.isOpen) await new Promise(() => undefined);
      yield plainDescriptor("a");
      yield plainDescriptor("b.c");
    });
    await using first = open([source], { manifestPath: path() });
    await first.discovery.ready;
    await first.discovery[Symbol.asyncDispose]();
    gate.isOpen = false;
    await using second = open([source], { manifestPath: path() });
    expect(second.registry.names()).toEqual(["a", "b_c"]);
    expect(second.registry.get("b_c")?.description).toBe("The b.c tool.");
    expect(second.discovery.status()).toMatchObject([
      { state: { kind: "waiting" }, tools: 2, isStale: true },
    ]);
    await second.clock.advance(40_000);
    expect(second.registry.names()).toEqual(["a", "b_c"]);
  });

  it("spares a source the listing while its fingerprint holds", async () => {
    let listings = 0;
    let fingerprint = "one";
    const source = listing(
      "stable",
      async function* () {
        listings += 1;
        yield plainDescriptor(`tool_${fingerprint}`);
      },
      { fingerprint: () => Promise.resolve(fingerprint) },
    );
    const run = async (): Promise<readonly string[]> => {
      await using opened = open([source], { manifestPath: path() });
      await opened.clock.advance(300);
      await opened.discovery.ready;
      return opened.registry.names();
    };
    expect(await run()).toEqual(["tool_one"]);
    expect(await run()).toEqual(["tool_one"]);
    expect(listings).toBe(1);
    fingerprint = "two";
    expect(await run()).toEqual(["tool_two"]);
    expect(listings).toBe(2);
  });

  it("keeps who has which name, and that two wanted one", async () => {
    const sources = ["first", "second"].map((name) =>
      createMemorySource(name, [plainTool("same")]),
    );
    const run = async (order: readonly ToolSource[]) => {
      await using opened = open(order, { manifestPath: path() });
      const { registry, discovery } = opened;
      const known = registry.names().map((name) => [name, registry.get(name)?.source]);
      await opened.clock.advance(300);
      await discovery.ready;
      return { known, conflicts: discovery.conflicts() };
    };
    const { conflicts } = await run(sources);
    expect(conflicts).toEqual([
      { name: "same", keptBy: "first", renamed: "second", to: "second_same" },
    ]);
    const again = await run(sources.toReversed());
    expect(again.known).toEqual([
      ["same", "first"],
      ["second_same", "second"],
    ]);
    expect(again.conflicts).toEqual(conflicts);
  });

  it("forgets sources that are no longer configured, and is written once for many changes", async () => {
    const source = createMemorySource("kept", [plainTool("a")]);
    await using first = open([source, createMemorySource("gone", [plainTool("b")])], {
      manifestPath: path(),
    });
    await first.discovery.ready;
    await first.discovery[Symbol.asyncDispose]();
    await using second = open([source], { manifestPath: path() });
    expect(second.registry.names()).toEqual(["a"]);
    await second.clock.advance(300);
    await second.discovery.ready;
    for (let index = 0; index < 50; index += 1) source.add(plainTool(`t${index}`));
    await turns();
    const before = readFileSync(path(), "utf8");
    expect(before).not.toContain("t49");
    await second.clock.advance(1000);
    await expect.poll(() => readFileSync(path(), "utf8")).toContain("t49");
  });

  it("does not take a list that changed later for the one of the fingerprint", async () => {
    const versioned = (added: boolean): ToolSource =>
      listing(
        "s",
        async function* () {
          yield plainDescriptor("a");
        },
        {
          fingerprint: () => Promise.resolve("1"),
          async *changes({ signal }) {
            if (added) yield { kind: "tool-added", descriptor: plainDescriptor("b") };
            await new Promise((resolve) => signal.addEventListener("abort", resolve));
          },
        },
      );
    {
      await using first = open([versioned(true)], { manifestPath: path() });
      await first.discovery.ready;
      await turns();
      expect(first.registry.names()).toEqual(["a", "b"]);
    }
    await using second = open([versioned(false)], { manifestPath: path() });
    expect(second.registry.names()).toEqual(["a", "b"]);
    await second.clock.advance(250);
    await second.discovery.ready;
    expect(second.registry.names()).toEqual(["a"]);
  });

  it("that cannot be written costs nothing but a warning", async () => {
    await using opened = open([createMemorySource("s", [plainTool("a")])], {
      manifestPath: "/etc/passwd/tools.manifest",
    });
    await opened.discovery.ready;
    await opened.discovery[Symbol.asyncDispose]();
    expect(opened.registry.names()).toEqual(["a"]);
    expect(opened.clock.pendingTimers).toBe(0);
  });
});
