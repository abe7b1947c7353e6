/** Whether something is true of a call, where the call may not say enough. */
export type Certainty = "yes" | "no" | "unknown";

/** Whether all of them are true: one that is not decides. */
export function allOf(certainties: Iterable<Certainty>): Certainty {
  let all: Certainty = "yes";
  for (const one of certainties) {
    if (one === "no") return "no";
    if (one === "unknown") all = "unknown";
  }
  return all;
}

/** What is true of each member: only where they agree, and there is one, that is known. */
export function agreementOf(certainties: Iterable<Certainty>): Certainty {
  let common: Certainty | undefined;
  for (const one of certainties) {
    if (one === "unknown" || (common !== undefined && common !== one)) return "unknown";
    common = one;
  }
  return common ?? "unknown";
}

/** The certainty of what is known. */
export function certain(isTrue: boolean): Certainty {
  return isTrue ? "yes" : "no";
}
