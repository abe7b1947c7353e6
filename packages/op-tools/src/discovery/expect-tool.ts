import { abortable, isAbortOf, startDeadline, type Clock } from "op-core";
import type { ToolRegistry } from "../registry/tool-registry.ts";
import type { ToolDescriptor } from "../tool/tool-descriptor.ts";

/** What waiting for a tool takes. */
export interface ExpectToolOptions {
  readonly registry: ToolRegistry;
  /** Resolves when every source was listed once. */
  readonly ready: Promise<void>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** A source that hangs must not hold up who asks for what nobody has. */
const patienceMs = 5000;

/**
 * A tool that nobody has listed yet, as soon as somebody does; nothing when all sources were listed without it. Whoever
 * calls a tool right after the very first start finds it so.
 */
export async function expectTool(
  name: string,
  { registry, ready, clock, signal }: ExpectToolOptions,
): Promise<ToolDescriptor | undefined> {
  const listed = Promise.withResolvers<void>();
  using _listening = registry.onEvent((event) => {
    if (event.name === name && event.kind === "tool-registered") listed.resolve();
  });
  const what = `Waiting for the tool ${name} to be listed`;
  using deadline = startDeadline({ what, ms: patienceMs, clock, signal });
  try {
    await abortable(Promise.race([ready, listed.promise]), deadline.signal);
  } catch (error) {
    signal.throwIfAborted();
    if (!isAbortOf(error, deadline.signal)) throw error;
  }
  return registry.get(name);
}
