import type { LegalHold } from "../audit-config.ts";

/** The hold that keeps entries written in this time, if any. Times are compared as ISO 8601 in UTC. */
export function findHold(
  holds: readonly LegalHold[],
  span: { readonly openedAt: string; readonly closedAt: string },
): LegalHold | undefined {
  const opened = Date.parse(span.openedAt);
  const closed = Date.parse(span.closedAt);
  return holds.find(({ from, to }) => {
    const isBefore = to !== undefined && Date.parse(to) < opened;
    const isAfter = from !== undefined && Date.parse(from) > closed;
    return !isBefore && !isAfter;
  });
}
