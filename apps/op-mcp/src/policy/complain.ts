import type { PolicyProblem } from "./policy-error.ts";

type Keys = readonly (string | number)[];

/** Takes note of something that is wrong at a key. */
export type Complain = (key: Keys, message: string, advice?: string) => void;

/** A part of the policy, by its name for people and by its keys. */
export interface PolicyPart {
  readonly where: string;
  readonly path: Keys;
}

/** Collects what is wrong with a part of the policy. */
export function complainAbout({ where, path }: PolicyPart, problems: PolicyProblem[]): Complain {
  return (key, message, advice) => {
    const problem = { severity: "error" as const, where, path: [...path, ...key], message };
    problems.push(advice === undefined ? problem : { ...problem, advice });
  };
}
