import { createToolRegistry, type ToolDescriptor, type ToolRegistry } from "op-tools";
import type { BenchRow, Measured } from "../bench-row.ts";
import { tenThousandDescriptors } from "../fixtures/descriptors.ts";
import { median } from "../statistics.ts";

const rounds = 15;

const factory = (): Promise<never> => Promise.reject(new Error("never loaded"));

function fill(registry: ToolRegistry, descriptors: readonly ToolDescriptor[]): void {
  for (const descriptor of descriptors) registry.register(descriptor.name, { descriptor, factory });
}

/** The median time of one of many equal steps, in microseconds. */
function perStep(steps: number, run: () => void): number {
  const began = performance.now();
  run();
  return ((performance.now() - began) * 1000) / steps;
}

function within(value: number, limit: number, unit: string): Measured {
  return { value, against: `limit ${limit} ${unit}`, ratio: value / limit, ok: value <= limit };
}

/** What registering one of 10,000 tools takes. */
export const registerRow: BenchRow = {
  id: "register",
  what: "registering a tool, 10,000 of them",
  unit: "µs",
  promised: "≤ 10 µs",
  measure: async () => {
    const descriptors = await tenThousandDescriptors();
    const samples = Array.from({ length: rounds }, () => {
      const registry = createToolRegistry();
      return perStep(descriptors.length, () => fill(registry, descriptors));
    });
    return within(median(samples), 10, "µs");
  },
};

/** What finding one of 10,000 tools by name takes. */
export const lookupRow: BenchRow = {
  id: "lookup",
  what: "looking up a tool by name among 10,000, in random order",
  unit: "µs",
  promised: "≤ 1 µs",
  measure: async () => {
    const descriptors = await tenThousandDescriptors();
    const registry = createToolRegistry();
    fill(registry, descriptors);
    const names = descriptors.map(({ name }) => name).toSorted(() => Math.random() - 0.5);
    let found = 0;
    const samples = Array.from({ length: rounds }, () =>
      perStep(names.length, () => {
        for (const name of names) if (registry.get(name) !== undefined) found += 1;
      }),
    );
    if (found !== names.length * rounds) throw new Error("a tool was not found");
    return within(median(samples), 1, "µs");
  },
};

/** What 10,000 descriptors hold of the heap. */
export const heapRow: BenchRow = {
  id: "heap",
  what: "heap of a registry with 10,000 descriptors, all of them read",
  unit: "MB",
  promised: "≤ 20 MB",
  measure: async () => {
    const texts = (await tenThousandDescriptors()).map((descriptor) => JSON.stringify(descriptor));
    const { gc } = globalThis;
    if (gc === undefined) throw new Error("run node with --expose-gc");
    await gc({ execution: "async" });
    const before = process.memoryUsage().heapUsed;
    const registry = createToolRegistry();
    fill(registry, texts.map(parseDescriptor));
    await gc({ execution: "async" });
    const heap = (process.memoryUsage().heapUsed - before) / 1e6;
    if (registry.size !== texts.length) throw new Error("not all tools are registered");
    return within(heap, 20, "MB");
  },
};

function parseDescriptor(text: string): ToolDescriptor {
  const descriptor: ToolDescriptor = JSON.parse(text);
  return descriptor;
}
