import { expect } from "vitest";

/** Why a rule is there, and what to do when it is broken. */
export interface Rule {
  readonly because: string;
  readonly instead: string;
}

/** Fails with the rule's reason and advice when something breaks it. */
export function expectNone(violations: readonly string[], { because, instead }: Rule): void {
  const list = violations.map((violation) => `  - ${violation}`).join("\n");
  expect(violations, `${list}\nWhy this is a rule: ${because}\nWhat to do: ${instead}\n`).toEqual(
    [],
  );
}
