import { systemClock } from "op-core";

/** The first requests go before it. */
const headStartMs = 500;

/** Both halves of the space for new objects together: twice as much is not collected in half the time. */
const mostBytes = 16_000_000;

/**
 * Keeps V8's space for new objects small. It doubles under load until it has 128 MB, of which the process gives little
 * back, and each collection holds up every call for the longer. The option that says so is the command line's, which
 * belongs to whoever starts op-mcp; by how much the space grows next is the only part of it that can be told later.
 */
export function boundYoungHeap(): Disposable {
  let observer: Disposable | undefined;
  const timer = systemClock.startTimer(headStartMs, () => {
    observer = watchCollections();
  });
  timer.unref();
  return {
    [Symbol.dispose]: () => {
      timer[Symbol.dispose]();
      observer?.[Symbol.dispose]();
    },
  };
}

function watchCollections(): Disposable {
  const v8 = process.getBuiltinModule("node:v8");
  const { PerformanceObserver } = process.getBuiltinModule("node:perf_hooks");
  let factor = 2;
  const observer = new PerformanceObserver(() => {
    const spaces = v8.getHeapSpaceStatistics();
    const bytes = spaces.find((space) => space.space_name === "new_space")?.space_size ?? 0;
    // V8 makes it smaller by itself when little is allocated: it must be able to grow again.
    const wanted = bytes < mostBytes ? 2 : 1;
    if (wanted === factor) return;
    factor = wanted;
    v8.setFlagsFromString(`--semi-space-growth-factor=${factor}`);
  });
  observer.observe({ entryTypes: ["gc"] });
  return {
    [Symbol.dispose]: () => {
      observer.disconnect();
      if (factor !== 2) v8.setFlagsFromString("--semi-space-growth-factor=2");
    },
  };
}
