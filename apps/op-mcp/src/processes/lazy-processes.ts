import { createSingleFlight, type Clock, type Logger } from "op-core";
import type { ProcessHost } from "op-process";

/**
 * The one place that starts processes for all of op-mcp. Its spawner is started when somebody first asks for it; disposing
 * ends every process that was started, and who asks afterwards is refused.
 */
export interface LazyProcesses extends AsyncDisposable {
  host(options: { readonly signal: AbortSignal }): Promise<ProcessHost>;
}

/** What starting processes takes. */
export interface LazyProcessesOptions {
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Makes the place; nothing of it is loaded or started yet. */
export function createLazyProcesses(options: LazyProcessesOptions): LazyProcesses {
  const closing = new AbortController();
  const opening = createSingleFlight<"host", ProcessHost>();
  let opened: ProcessHost | undefined;
  let underWay: Promise<unknown> | undefined;

  const open = async (wanted: AbortSignal): Promise<ProcessHost> => {
    const { openProcessHost, ProcessHostClosedError } = await import("./open-processes.ts");
    if (closing.signal.aborted) throw new ProcessHostClosedError("Starting a process");
    const signal = AbortSignal.any([wanted, closing.signal]);
    return (opened = await openProcessHost({ ...options, signal }));
  };
  const keep = (signal: AbortSignal) => {
    const started = open(signal);
    underWay = started.catch(() => undefined);
    return started;
  };
  return {
    host: async ({ signal }) => opened ?? (await opening.run("host", keep, { signal })),
    [Symbol.asyncDispose]: async () => {
      closing.abort();
      await underWay;
      await opened?.[Symbol.asyncDispose]();
    },
  };
}
