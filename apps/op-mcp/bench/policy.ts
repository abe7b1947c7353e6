/**
 * Measures what a decision takes with 1,000 rules, and prints one object:
 * `{ "p50Us", "p99Us", "firstUs", "rules", "requests" }`. `firstUs` is the median for callers and tools that were never seen before.
 */
import { compilePolicy } from "../src/policy/compile-policy.ts";
import { withOwnUid } from "../src/policy/own-uid.ts";
import { manyRequests, policyOfManyRules } from "../test/policy/many-rules.ts";

const rules = 1000;
const requests = manyRequests(20_000);
const config = withOwnUid(policyOfManyRules(rules), 1000);

/** Sorted, in microseconds. */
function measure(policy: ReturnType<typeof compilePolicy>, suffix: string): readonly number[] {
  const samples = requests.map((request, number) => {
    const { principal, tool } = request;
    const asked =
      suffix === ""
        ? request
        : {
            ...request,
            principal: { ...principal, id: `${principal.id}${suffix}${number}` },
            tool: `${tool}${suffix}${number}`,
          };
    const began = performance.now();
    policy.decide(asked);
    return (performance.now() - began) * 1000;
  });
  return samples.toSorted((left, right) => left - right);
}

const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.floor(sorted.length * share)] ?? Number.NaN;

const round = (us: number): number => Math.round(us * 10) / 10;

measure(compilePolicy(config), "");
const policy = compilePolicy(config);
const known = measure(policy, "");
const unknown = measure(policy, "-new");
process.stdout.write(
  `${JSON.stringify({
    p50Us: round(at(known, 0.5)),
    p99Us: round(at(known, 0.99)),
    firstUs: round(at(unknown, 0.5)),
    rules,
    requests: requests.length,
  })}\n`,
);
