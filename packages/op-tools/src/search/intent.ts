const question =
  /^\W*(?:what|which|who|whose|why|when|where|how|is|are|am|was|were|do|does|did|has|have|will|show|list)\b/iu;

/** Whether a request wants to know something, instead of having something done. */
export function asksOnly(text: string): boolean {
  return question.test(text);
}
