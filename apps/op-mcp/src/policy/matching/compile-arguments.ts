import type { Complain } from "../complain.ts";
import type { ArgumentPredicate } from "../policy-rule-config.ts";
import { parseArgumentPath } from "./argument-path.ts";
import { compilePredicate } from "./argument-predicate.ts";
import type { Condition } from "./condition.ts";

/** Prepares what a rule says of arguments, one condition for each path; what is wrong with one is said. */
export function compileArguments(
  args: Readonly<Record<string, ArgumentPredicate>>,
  complain: Complain,
): readonly Condition[] {
  return Object.entries(args).flatMap(([text, predicate]) => {
    const path = parseArgumentPath(text);
    const problem = findProblem(predicate);
    if (path === undefined || problem !== undefined) {
      const wrong = problem ?? "is no path such as `unit`, `options.force` or `paths[]`";
      complain(["args", text], `has the argument ${JSON.stringify(text)}, which ${wrong}`);
      return [];
    }
    const test = compilePredicate(path, predicate);
    return [
      { key: `args.${text}`, isAboutArguments: true, look: ({ args: values }) => test(values) },
    ];
  });
}

function findProblem(predicate: ArgumentPredicate): string | undefined {
  const { absent, ...aboutValues } = predicate;
  const isAboutValues = Object.values(aboutValues).some((value) => value !== undefined);
  if (!isAboutValues && absent === undefined) return "nothing is said of";
  if (isAboutValues && absent === true) return "cannot be missing and have a value";
  const { under = [], notUnder = [], atLeast, atMost } = predicate;
  const relative = [...under, ...notUnder].find((directory) => !directory.startsWith("/"));
  if (relative !== undefined) {
    return `is compared with ${JSON.stringify(relative)}, which is not absolute`;
  }
  if (atLeast !== undefined && atMost !== undefined && atLeast > atMost) {
    return "no number satisfies: `atLeast` is more than `atMost`";
  }
  return undefined;
}
