import { it } from "vitest";
import { requirements, type RequirementId } from "./requirements.ts";

const timeoutMs = 60_000;

/** A test that shows a requirement to hold; its name carries the id, and `coverage.test.ts` finds it there. */
export function verifies(id: RequirementId, how: string, test: () => Promise<void>): void {
  it(`${id}: ${how} (${requirements[id]})`, test, timeoutMs);
}
