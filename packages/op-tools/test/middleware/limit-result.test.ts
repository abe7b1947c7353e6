import { assert, integer, property, string } from "fast-check";
import type { JsonObject } from "op-core";
import { createManualClock } from "op-core/testing";
import { describe, expect, test } from "vitest";
import {
  compileChain,
  createResultSource,
  createResultStore,
  dataResult,
  limitResult,
  textResult,
  type ToolResult,
} from "../../src/index.ts";
import { splitText } from "../../src/middleware/split-text.ts";
import { createTestContext } from "../../src/testing/index.ts";
import { plainDescriptor } from "../fixtures/plain-tool.ts";

const signal = new AbortController().signal;
const alice = { id: "alice", scopes: [] };
const uri = "op-mcp://results/1";

function setUp(maxStoreBytes = 1_000_000) {
  const clock = createManualClock();
  let ids = 0;
  const store = createResultStore({
    ttlMs: 1000,
    maxStoreBytes,
    clock,
    createId: () => String((ids += 1)),
  });
  const source = createResultSource(store);
  const answer = (result: ToolResult, outputSchema?: JsonObject) => {
    const tool = plainDescriptor("list", outputSchema === undefined ? {} : { outputSchema });
    const chain = compileChain([limitResult({ maxBytes: 300, store })], tool, async () => result);
    return chain({ tool, args: {}, context: createTestContext({ principal: alice }) });
  };
  const read = async (page: number, principal = alice) => {
    const [contents] = await source.read(`${uri}?page=${page}`, { signal, principal });
    return contents !== undefined && "text" in contents ? contents.text : "";
  };
  return { clock, source, answer, read };
}

function texts(result: ToolResult): readonly string[] {
  return result.content.flatMap((block) => (block.type === "text" ? [block.text] : []));
}

const lines = Array.from({ length: 100 }, (_, n) => `line ${n}\n`).join("");
const list = Array.from({ length: 100 }, (_, n) => ({ id: n, name: `unit ${n}` }));

test("a small result is answered as it is", async () => {
  const result = dataResult({ a: [1, 2, 3], b: "x" });
  expect(await setUp().answer(result)).toBe(result);
});

test("a result is small by its bytes, not by a guess", async () => {
  const result = textResult("x".repeat(290));
  expect((await setUp().answer(result)).content).toEqual(result.content);
});

describe("content that no revision knows, as servers of others may answer it", () => {
  const foreign = (light: string): ToolResult => {
    const written = JSON.stringify({ content: [{ type: "text" }, { type: "hologram", light }] });
    return JSON.parse(written) as ToolResult;
  };

  test("is answered as it is where it is small", async () => {
    const result = foreign("x");
    expect(await setUp().answer(result)).toBe(result);
  });

  test("is kept as JSON where it is not", async () => {
    const { answer, read } = setUp();
    const large = foreign("x".repeat(400));
    const result = await answer(large);
    expect(result.content[0]).toEqual({ type: "text" });
    expect(JSON.parse(await read(1))).toEqual(large.content[1]);
  });
});

describe("long text", () => {
  test("is cut at the end of a line, and the rest can be read", async () => {
    const { answer, read } = setUp();
    const result = await answer(textResult(lines));
    const [shown = "", note = ""] = texts(result);
    expect(lines.startsWith(shown)).toBe(true);
    expect(shown.endsWith("\n")).toBe(true);
    expect(note).toMatch(
      /^Showing 38 of 100 lines\. The rest .* 2 pages, .*\?page=1 to .*\?page=2\.$/,
    );
    expect(result.content.at(-1)).toMatchObject({ type: "resource_link", uri: `${uri}?page=1` });
    expect(shown + (await read(1)) + (await read(2))).toBe(lines);
  });

  test("in many blocks leaves whole blocks for later", async () => {
    const { answer, read } = setUp();
    const blocks = Array.from({ length: 9 }, (_, n) => ({
      type: "text" as const,
      text: `${n}`.repeat(100),
    }));
    const result = await answer({ content: blocks });
    expect(texts(result).slice(0, 3)).toEqual(blocks.slice(0, 3).map(({ text }) => text));
    expect(await read(1)).toBe(`${"3".repeat(100)}${"4".repeat(100)}${"5".repeat(100)}`);
  });

  test("keeps saying that the tool failed", async () => {
    const result = await setUp().answer({ ...textResult(lines), isError: true });
    expect(result.isError).toBe(true);
  });

  test("that is more than can be kept says so", async () => {
    const result = await setUp(100).answer(textResult(lines));
    expect(texts(result).at(-1)).toContain("too large to keep");
    expect(result.content.some(({ type }) => type === "resource_link")).toBe(false);
  });
});

test("a large image is read by its link", async () => {
  const { answer, source } = setUp();
  const data = "A".repeat(4000);
  const result = await answer({ content: [{ type: "image", data, mimeType: "image/png" }] });
  expect(texts(result)[0]).toContain("Showing 0 of 4000 bytes.");
  expect(await source.read(uri, { signal, principal: alice })).toEqual([
    { uri, mimeType: "image/png", blob: data },
  ]);
});

describe("large data", () => {
  test("is cut between elements, in the text that repeats it too", async () => {
    const { answer, read } = setUp();
    const result = await answer(dataResult({ total: 100, units: list }));
    const { structuredContent } = result;
    const shown = { total: 100, units: list.slice(0, 10) };
    expect(structuredContent).toEqual(shown);
    expect(texts(result)[0]).toBe(JSON.stringify(shown));
    expect(texts(result)[1]).toContain('Showing 10 of 100 elements of "units".');
    const rest: unknown[] = [];
    for (let page = 1; rest.length < 90; page += 1) rest.push(...JSON.parse(await read(page)));
    expect(rest).toEqual(list.slice(10));
  });

  test("stays what the tool promises, or is left out", async () => {
    const promise = { type: "object", properties: { units: { type: "array", minItems: 50 } } };
    const { answer, read } = setUp();
    const data = { units: list };
    const result = await answer(dataResult(data), promise);
    expect(result.structuredContent).toBeUndefined();
    expect(result.isError).toBe(true);
    expect(texts(result).join("")).toContain("The tool succeeded, but its data is too large");
    let json = "";
    while (json.length < JSON.stringify(data).length) json += await read(json.length / 300 + 1);
    expect(JSON.parse(json)).toEqual(data);
  });

  test("whose promise is of no use is left out", async () => {
    const result = await setUp().answer(dataResult({ units: list }), { type: "nonsense" });
    expect(result.structuredContent).toBeUndefined();
  });

  test("that has no list is left out, without being an error where nothing was promised", async () => {
    const result = await setUp().answer(dataResult({ text: "x".repeat(1000) }));
    expect(result.structuredContent).toBeUndefined();
    expect(result.isError).toBeUndefined();
  });

  test("leaves text of its own alone", async () => {
    const result = await setUp().answer({ ...textResult("100 units"), structuredContent: list });
    expect(texts(result)[0]).toBe("100 units");
    expect(result.structuredContent).toHaveLength(11);
  });
});

describe("the rest", () => {
  test("is for whoever it was answered to, for a while", async () => {
    const { clock, answer, read } = setUp();
    await answer(textResult(lines));
    const unknown = expect.objectContaining({ code: "ERR_RESOURCE_NOT_FOUND" });
    await expect(read(1, { id: "mallory", scopes: [] })).rejects.toThrow(unknown);
    await expect(read(99)).rejects.toThrow(unknown);
    await clock.advance(1001);
    await expect(read(1)).rejects.toThrow(unknown);
  });

  test("is a resource that is not listed, only described", async () => {
    const { source } = setUp();
    expect(await Array.fromAsync(source.list({ signal }))).toEqual([]);
    expect(await Array.fromAsync(source.templates?.({ signal }) ?? [])).toHaveLength(1);
    expect(source.owns(uri)).toBe(true);
    expect(source.owns("file:///etc/passwd")).toBe(false);
  });
});

test("text in pieces is the same text, and no piece is too large", () => {
  assert(
    property(
      string({ unit: "grapheme", maxLength: 400 }),
      integer({ min: 4, max: 50 }),
      (text, max) => {
        const pieces = splitText(text, max);
        expect(pieces.join("")).toBe(text);
        expect(Math.max(...pieces.map((piece) => Buffer.byteLength(piece)))).toBeLessThanOrEqual(
          max,
        );
      },
    ),
    { seed: 11, numRuns: 500 },
  );
});
