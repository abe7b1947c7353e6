import { createTestContext } from "op-tools/testing";
import { describe, expect, it, vi } from "vitest";
import type { UpstreamConfig, UpstreamSources } from "../../src/index.ts";
import { keepingServer } from "../fixtures/keeping-server.ts";
import { openRig, scriptServer } from "../fixtures/real-upstreams.ts";

const { signal } = new AbortController();

interface Keeping extends AsyncDisposable {
  readonly sources: UpstreamSources;
  /** Reads a resource, and says which answer came. */
  read(name: string, id?: string): Promise<string>;
  /** Has the server do something. */
  call(name: string): Promise<unknown>;
}

async function openKeeping(
  more: Partial<UpstreamConfig> = {},
  era: "modern" | "legacy" = "modern",
): Promise<Keeping> {
  const transport = scriptServer(keepingServer(era));
  const rig = await openRig([{ name: "keep", transport, keepUris: true, ...more }]);
  const [sources] = rig.aggregator.upstreams as [UpstreamSources];
  return {
    sources,
    read: async (name, id = "alice") => {
      const principal = { id, scopes: [] };
      const [contents] = await sources.resources.read(`keep:${name}`, { signal, principal });
      return contents !== undefined && "text" in contents ? contents.text.slice(0, 9) : "nothing";
    },
    call: async (name) => {
      const tool = await sources.tools.load(name, { signal });
      return await tool.call({}, createTestContext()).catch(() => undefined);
    },
    [Symbol.asyncDispose]: () => rig[Symbol.asyncDispose](),
  };
}

describe("a resource that may be kept", () => {
  it("by everybody is asked for once", async () => {
    await using keeping = await openKeeping();
    expect(await keeping.read("public", "alice")).toBe("answer 1");
    expect(await keeping.read("public", "bob")).toBe("answer 1");
    expect(keeping.sources.status.kept).toMatchObject({ entries: 1, hits: 1 });
  });

  it("privately is asked for once by each", async () => {
    await using keeping = await openKeeping();
    expect(await keeping.read("private", "alice")).toBe("answer 1");
    expect(await keeping.read("private", "bob")).toBe("answer 2");
    expect(await keeping.read("private", "alice")).toBe("answer 1");
    expect(await keeping.read("private", "bob")).toBe("answer 2");
  });

  it("is asked for again when its time is over", async () => {
    await using keeping = await openKeeping();
    expect(await keeping.read("short")).toBe("answer 1");
    await vi.waitFor(async () => expect(await keeping.read("short")).toBe("answer 2"));
  });

  it.each(["updated", "resources"])("is asked for again after a change (%s)", async (change) => {
    await using keeping = await openKeeping();
    expect(await keeping.read("public")).toBe("answer 1");
    await keeping.call(change);
    expect(await keeping.read("public")).toBe("answer 2");
  });

  it("is asked for again on a new connection", async () => {
    await using keeping = await openKeeping();
    expect(await keeping.read("public")).toBe("answer 1");
    await keeping.call("die");
    await keeping.call("prompts");
    // The new process counts from the beginning.
    expect(keeping.sources.status.kept.entries).toBe(0);
    expect(await keeping.read("private")).toBe("answer 1");
    expect(await keeping.read("public")).toBe("answer 2");
  });

  it("is answered without starting the server again", async () => {
    await using keeping = await openKeeping({ idleMs: 50 });
    expect(await keeping.read("public")).toBe("answer 1");
    await vi.waitFor(() => expect(keeping.sources.status.isConnected).toBe(false));
    expect(await keeping.read("public")).toBe("answer 1");
    expect(keeping.sources.status.isConnected).toBe(false);
  });

  it("takes no more memory than it may", async () => {
    await using keeping = await openKeeping();
    await keeping.read("public");
    expect(await keeping.read("large")).toBe("answer 2x");
    expect(await keeping.read("large")).toBe("answer 3x");
    expect(keeping.sources.status.kept).toMatchObject({ entries: 1, hits: 0 });
    expect(keeping.sources.status.kept.bytes).toBeLessThan(1000);
  });
});

describe("a resource that may not be kept", () => {
  it.each(["silent", "odd"])("is asked for each time (%s)", async (name) => {
    await using keeping = await openKeeping();
    expect(await keeping.read(name)).toBe("answer 1");
    expect(await keeping.read(name)).toBe("answer 2");
    expect(keeping.sources.status.kept).toEqual({ entries: 0, bytes: 0, hits: 0 });
  });

  it("as configured is asked for each time", async () => {
    await using keeping = await openKeeping({ keepResults: false });
    expect(await keeping.read("public")).toBe("answer 1");
    expect(await keeping.read("public")).toBe("answer 2");
  });

  it("since its server is of the older era is asked for each time", async () => {
    await using keeping = await openKeeping({}, "legacy");
    expect(await keeping.read("public")).toBe("answer 1");
    expect(await keeping.read("public")).toBe("answer 2");
  });
});

it("a list is kept with all its pages, until it changes", async () => {
  await using keeping = await openKeeping();
  const { resources, prompts } = keeping.sources;
  const names = async () =>
    (await Array.fromAsync(resources.list({ signal }))).map(({ name }) => name);
  const prompted = async () =>
    (await Array.fromAsync(prompts.list({ signal }))).map(({ name }) => name);
  expect(await names()).toEqual(["answer 1", "answer 2"]);
  expect(await prompted()).toEqual(["answer3"]);
  expect(await names()).toEqual(["answer 1", "answer 2"]);
  await keeping.call("resources");
  expect(await names()).toEqual(["answer 4", "answer 5"]);
  expect(await prompted()).toEqual(["answer3"]);
  await keeping.call("prompts");
  expect(await prompted()).toEqual(["answer6"]);
  expect(await names()).toEqual(["answer 4", "answer 5"]);
});
