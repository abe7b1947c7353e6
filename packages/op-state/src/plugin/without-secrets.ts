import type { JsonObject } from "op-core";
import type { ResourceChange, ResourceState } from "./state-plugin.ts";

const hidden = "(not shown)";

/** What a change replaces and by what, as somebody may see it. */
export type ChangeView = (
  change: Pick<ResourceChange, "before" | "after" | "secrets">,
) => Pick<ResourceChange, "before" | "after">;

/** For whoever declares something, and for whoever agrees to it: they see what they want, not what is there. */
export const forAuthor: ChangeView = ({ before, after, secrets = [] }) => ({
  before: cover(before, secrets),
  after: cover(
    after,
    secrets.filter((name) => before?.[name] === after?.[name]),
  ),
});

/** For those who merely look: of a secret only whether it changes. */
export const forReader: ChangeView = ({ before, after, secrets = [] }) => ({
  before: cover(before, secrets),
  after: cover(after, secrets, (name) =>
    before?.[name] === after?.[name] ? hidden : `${hidden}, another`,
  ),
});

/** A resource for those who merely look. */
export function shownValue({
  value,
  secrets = [],
}: Omit<ResourceState, "fingerprint">): JsonObject | null {
  return cover(value, secrets);
}

function cover(
  value: JsonObject | null,
  secrets: readonly string[],
  by: (name: string) => string = () => hidden,
): JsonObject | null {
  if (value === null) return null;
  const entries = Object.entries(value).map(([name, part]) => {
    return [name, secrets.includes(name) ? by(name) : part] as const;
  });
  return Object.fromEntries(entries);
}
