import { isOpError } from "op-core";
import { describe, expect, it } from "vitest";
import { findDescriptorProblem, toDescriptorText } from "../discovery/descriptor-text.ts";
import type { ToolSource } from "../sources/tool-source.ts";
import type { ToolDescriptor } from "../tool/tool-descriptor.ts";

async function listAll(source: ToolSource): Promise<readonly ToolDescriptor[]> {
  const { signal } = new AbortController();
  const descriptors: ToolDescriptor[] = [];
  for await (const descriptor of source.list({ signal })) descriptors.push(descriptor);
  return descriptors;
}

function sorted(descriptors: readonly ToolDescriptor[]): readonly string[] {
  return descriptors.map(toDescriptorText).toSorted();
}

/** Makes a fresh source with at least one tool; the suite disposes it. */
export type OpenSource = () => Promise<ToolSource>;

/** Runs what every source of tools must hold to. */
export function describeToolSource(name: string, open: OpenSource): void {
  describe(`${name}, as a source of tools`, () => {
    describeLists(open);
    describeLoads(open);
    describeEnds(open);
  });
}

function describeLists(open: OpenSource): void {
  it("lists well-formed descriptors, each name once", async () => {
    await using source = await open();
    const descriptors = await listAll(source);
    expect(descriptors.length).toBeGreaterThan(0);
    const problems = descriptors.map(findDescriptorProblem);
    expect(problems.filter((problem) => problem !== undefined)).toEqual([]);
    expect(new Set(descriptors.map((descriptor) => descriptor.name)).size).toBe(descriptors.length);
    expect(new Set(descriptors.map((descriptor) => descriptor.source))).toEqual(
      new Set([source.name]),
    );
  });

  it("lists the same again while nothing changed", async () => {
    await using source = await open();
    const first = await listAll(source);
    expect(sorted(await listAll(source))).toEqual(sorted(first));
  });
}

function describeLoads(open: OpenSource): void {
  it("loads every tool it lists, as it described it", async () => {
    await using source = await open();
    const { signal } = new AbortController();
    for (const descriptor of await listAll(source)) {
      const tool = await source.load(descriptor.name, { signal });
      expect(toDescriptorText(tool)).toBe(toDescriptorText(descriptor));
      await tool[Symbol.asyncDispose]?.();
    }
  });

  it("refuses a name it does not know with ERR_TOOL_NOT_FOUND", async () => {
    await using source = await open();
    const { signal } = new AbortController();
    const error: unknown = await source
      .load("no tool has this name", { signal })
      .catch((reason: unknown) => reason);
    expect(isOpError(error) && error.code).toBe("ERR_TOOL_NOT_FOUND");
  });
}

function describeEnds(open: OpenSource): void {
  it("gives the same fingerprint while nothing changed", async () => {
    await using source = await open();
    const { signal } = new AbortController();
    expect(await source.fingerprint?.({ signal })).toEqual(await source.fingerprint?.({ signal }));
  });

  it("does not list or load when it is told not to", async () => {
    await using source = await open();
    const signal = AbortSignal.abort(new Error("not wanted"));
    const listing = async (): Promise<void> => {
      for await (const _ of source.list({ signal })) throw new Error("listed all the same");
    };
    await expect(listing()).rejects.toThrow("not wanted");
    await expect(source.load("anything", { signal })).rejects.toThrow(/./);
  });

  it("ends its changes when it is told to", async () => {
    await using source = await open();
    const controller = new AbortController();
    const changes = source.changes?.({ signal: controller.signal })[Symbol.asyncIterator]();
    const next = changes?.next();
    controller.abort();
    const end = await next?.catch(() => ({ done: true }));
    expect(end?.done ?? true).toBe(true);
  });

  it("can be disposed twice", async () => {
    await using source = await open();
    await expect(source[Symbol.asyncDispose]()).resolves.toBeUndefined();
    await expect(source[Symbol.asyncDispose]()).resolves.toBeUndefined();
  });
}
