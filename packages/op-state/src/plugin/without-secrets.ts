import type { JsonObject, JsonValue } from "op-core";
import type { ResourceChange, ResourceState } from "./state-plugin.ts";

const hidden = "(not shown)";

/** What a change replaces and by what, for whoever is shown it: of a secret only whether it changes. */
export function withoutSecrets({
  before,
  after,
  secrets = [],
}: Pick<ResourceChange, "before" | "after" | "secrets">): Pick<ResourceChange, "before" | "after"> {
  const kept = new Set(secrets.filter((name) => before?.[name] === after?.[name]));
  const cover = (value: JsonObject | null, changed: JsonValue) =>
    coverAll(value, secrets, (name) => (kept.has(name) ? hidden : changed));
  return { before: cover(before, hidden), after: cover(after, `${hidden}, another`) };
}

/** A resource for those who merely look. */
export function shownValue({
  value,
  secrets = [],
}: Omit<ResourceState, "fingerprint">): JsonObject | null {
  return coverAll(value, secrets, () => hidden);
}

function coverAll(
  value: JsonObject | null,
  secrets: readonly string[],
  cover: (name: string) => JsonValue,
): JsonObject | null {
  if (value === null) return null;
  const entries = Object.entries(value).map(([name, part]) => {
    return [name, secrets.includes(name) ? cover(name) : part] as const;
  });
  return Object.fromEntries(entries);
}
