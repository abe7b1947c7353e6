/**
 * Measures the search over 10,000 tools with questions it was not tuned on, and prints one object:
 * `{ "p50Ms", "foundShare", "questions" }`.
 */
import { createToolRegistry, createToolSearch, type ToolDescriptor } from "../src/index.ts";
import { catalogue } from "../test/search/catalogue.ts";
import { createDistractors } from "../test/search/distractors.ts";
import { heldOutQuestions } from "../test/search/questions.ts";

const toolCount = 10_000;
const rounds = 5;
const firstHits = 5;

const factory = (): Promise<never> => Promise.reject(new Error("never loaded"));

const registry = createToolRegistry();
const tools: readonly ToolDescriptor[] = [
  ...catalogue,
  ...createDistractors(toolCount - catalogue.length),
];
for (const descriptor of tools) registry.register(descriptor.name, { descriptor, factory });
using search = createToolSearch({ catalogue: registry });
const { signal } = new AbortController();
const samples: number[] = [];
const found = new Set<string>();
for (let round = 0; round < rounds; round += 1) {
  for (const { text, right } of heldOutQuestions) {
    const began = performance.now();
    const { hits } = await search.search({ query: text, limit: firstHits }, { signal });
    samples.push(performance.now() - began);
    if (hits.some(({ name }) => right.includes(name))) found.add(text);
  }
}
const sorted = samples.toSorted((left, right) => left - right);
const questions = heldOutQuestions.length;
const p50Ms = sorted[Math.floor(sorted.length / 2)];
process.stdout.write(
  `${JSON.stringify({ p50Ms, foundShare: found.size / questions, questions })}\n`,
);
