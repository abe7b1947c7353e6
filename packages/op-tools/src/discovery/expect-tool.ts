import { abortable, isAbortOf, startDeadline, type Clock } from "op-core";
import type { ToolRegistry } from "../registry/tool-registry.ts";
import type { ToolDescriptor } from "../tool/tool-descriptor.ts";
import type { SourceWatch } from "./source-watch.ts";

/** What waiting for a tool takes. */
export interface ExpectToolOptions {
  readonly registry: ToolRegistry;
  readonly watches: readonly SourceWatch[];
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** A source that hangs must not hold up who asks for what nobody has: it has this long from its start on. */
const patienceMs = 5000;

/** The sources that may still list a tool of this name; none where it belongs to one that was listed. */
function awaited(name: string, watches: readonly SourceWatch[]): readonly SourceWatch[] {
  if (watches.some((watch) => watch.isSettled && watch.claims(name))) return [];
  return watches.filter(
    (watch) => !watch.isSettled && watch.ageMs < patienceMs && watch.mayHave(name),
  );
}

/**
 * A tool that nobody has listed yet, as soon as somebody does; nothing when all sources that may have it were listed
 * without it, or had their time. Whoever calls a tool right after the very first start finds it so.
 */
export async function expectTool(
  name: string,
  { registry, watches, clock, signal }: ExpectToolOptions,
): Promise<ToolDescriptor | undefined> {
  const expected = awaited(name, watches);
  if (expected.length === 0) return undefined;
  const listed = Promise.withResolvers<void>();
  using _listening = registry.onEvent((event) => {
    if (event.name === name && event.kind === "tool-registered") listed.resolve();
  });
  const what = `Waiting for the tool ${name} to be listed`;
  const ms = patienceMs - Math.min(...expected.map(({ ageMs }) => ageMs));
  using deadline = startDeadline({ what, ms, clock, signal });
  const all = Promise.all(expected.map(({ settled }) => settled));
  try {
    await abortable(Promise.race([all, listed.promise]), deadline.signal);
  } catch (error) {
    signal.throwIfAborted();
    if (!isAbortOf(error, deadline.signal)) throw error;
  }
  return registry.get(name);
}
