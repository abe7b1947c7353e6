import { createToolRegistry, createToolSearch, type ToolDescriptor } from "op-tools";
import { catalogue } from "../../../../packages/op-tools/test/search/catalogue.ts";
import { createDistractors } from "../../../../packages/op-tools/test/search/distractors.ts";
import { heldOutQuestions } from "../../../../packages/op-tools/test/search/questions.ts";
import type { BenchRow } from "../bench-row.ts";
import { median } from "../statistics.ts";

const allowedMs = 5;
const allowedShare = 0.9;
const toolCount = 10_000;
const rounds = 5;
const firstHits = 5;

const factory = (): Promise<never> => Promise.reject(new Error("never loaded"));

/** How fast and how well plain language finds a tool. */
export const searchRow: BenchRow = {
  id: "search",
  what: "p50 of a search in plain language over 10,000 tools",
  unit: "ms",
  promised: `≤ ${allowedMs} ms, right tool in the first five ≥ 90 %`,
  measure: async () => {
    const registry = createToolRegistry();
    const tools: readonly ToolDescriptor[] = [
      ...catalogue,
      ...createDistractors(toolCount - catalogue.length),
    ];
    for (const descriptor of tools) registry.register(descriptor.name, { descriptor, factory });
    using search = createToolSearch({ catalogue: registry });
    const { signal } = new AbortController();
    const samples: number[] = [];
    let right = 0;
    for (let round = 0; round < rounds; round += 1) {
      right = 0;
      for (const { text, right: wanted } of heldOutQuestions) {
        const began = performance.now();
        const { hits } = await search.search({ query: text, limit: firstHits }, { signal });
        samples.push(performance.now() - began);
        if (hits.some(({ name }) => wanted.includes(name))) right += 1;
      }
    }
    const value = median(samples);
    const share = right / heldOutQuestions.length;
    const against = `limit ${allowedMs} ms; right tool in the first five: ${(share * 100).toFixed(1)} % of ${heldOutQuestions.length} held-out questions`;
    return {
      value,
      against,
      ratio: value / allowedMs,
      ok: value <= allowedMs && share >= allowedShare,
    };
  },
};
