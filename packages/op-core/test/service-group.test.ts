import * as fc from "fast-check";
import {
  openServices,
  QueueFullError,
  ServiceCloseError,
  ServiceOpenError,
  silentLogger,
  type Logger,
} from "op-core";
import { createManualClock } from "op-core/testing";
import { describe, expect, test } from "vitest";

const { signal } = new AbortController();

/** Services that write down what happens to them. */
function createRecorder() {
  const log: string[] = [];
  const recorded = (name: string, close: () => Promise<void> = async () => undefined) => ({
    name,
    [Symbol.asyncDispose]: async () => {
      log.push(`close ${name}`);
      await close();
    },
  });
  const opening = (name: string, close?: () => Promise<void>) => async () => {
    log.push(`open ${name}`);
    return recorded(name, close);
  };
  return { log, opening };
}

function forever(): Promise<void> {
  return Promise.withResolvers<void>().promise;
}

/** What the promise rejects with, watched from now on. */
async function errorOf(promise: PromiseLike<unknown>): Promise<unknown> {
  try {
    return await promise;
  } catch (error) {
    return error;
  }
}

function createRecordingLogger(): { logger: Logger; errors: unknown[] } {
  const errors: unknown[] = [];
  const logger: Logger = {
    ...silentLogger,
    error: (_message, fields) => errors.push(fields?.["error"]),
    child: () => logger,
  };
  return { logger, errors };
}

describe("opening", () => {
  test("opens in order, hands earlier services to later ones, closes in reverse", async () => {
    const { log, opening } = createRecorder();
    {
      await using group = await openServices(
        async ({ open }) => {
          const store = await open("store", opening("store"));
          const api = await open("api", opening(`api on ${store.name}`));
          return { store, api };
        },
        { signal },
      );
      expect(group.services.api.name).toBe("api on store");
    }
    expect(log).toEqual(["open store", "open api on store", "close api on store", "close store"]);
  });

  test("closes what was open when one fails, and names the one that failed", async () => {
    const { log, opening } = createRecorder();
    const cause = new QueueFullError("Binding the port", 3);
    const failing = openServices(
      async ({ open }) => {
        await open("one", opening("one"));
        await open("two", opening("two"));
        await open("three", async () => Promise.reject(cause));
        await open("four", opening("four"));
      },
      { signal },
    );
    await expect(failing).rejects.toThrow(ServiceOpenError);
    await expect(failing).rejects.toMatchObject({
      code: "ERR_SERVICE_OPEN",
      message: `Opening three failed: ${cause.message}`,
      advice: cause.advice,
      data: { name: "three" },
      retryable: true,
      cause,
    });
    expect(log).toEqual(["open one", "open two", "close two", "close one"]);
  });

  test("throws the first error on, also when closing fails then, and logs the second", async () => {
    const { logger, errors } = createRecordingLogger();
    const { opening } = createRecorder();
    const stuck = new Error("stuck");
    const failing = openServices(
      async ({ open }) => {
        await open(
          "one",
          opening("one", async () => Promise.reject(stuck)),
        );
        throw new TypeError("a bug between services");
      },
      { signal, logger },
    );
    await expect(failing).rejects.toThrow(TypeError);
    expect(errors).toEqual([stuck]);
  });

  test("an abort ends it with the signal's reason", async () => {
    const { log, opening } = createRecorder();
    const controller = new AbortController();
    const reason = new Error("SIGTERM");
    const failing = openServices(
      async ({ open }) => {
        await open("one", opening("one"));
        controller.abort(reason);
        await open("two", opening("two"));
      },
      { signal: controller.signal },
    );
    await expect(failing).rejects.toBe(reason);
    expect(log).toEqual(["open one", "close one"]);
  });

  test("a service that heeds the abort while it opens rejects with the reason as it is", async () => {
    const controller = new AbortController();
    const reason = new Error("SIGTERM");
    const failing = openServices(
      ({ open }) =>
        open("slow", async (context) => {
          controller.abort(reason);
          context.signal.throwIfAborted();
          return new AsyncDisposableStack();
        }),
      { signal: controller.signal },
    );
    await expect(failing).rejects.toBe(reason);
  });

  test("one that is still opening when another fails is closed once it is open", async () => {
    const { log, opening } = createRecorder();
    const gate = Promise.withResolvers<void>();
    const failing = openServices(
      async ({ open }) => {
        await Promise.all([
          open("slow", async () => {
            await gate.promise;
            return opening("slow")();
          }),
          open("broken", async () => Promise.reject(new Error("broken"))),
        ]);
      },
      { signal },
    );
    gate.resolve();
    await expect(failing).rejects.toThrow("Opening broken failed: broken");
    expect(log).toEqual(["open slow", "close slow"]);
  });

  test("a group that has closed opens nothing", async () => {
    const { log, opening } = createRecorder();
    const group = await openServices(async (opener) => opener, { signal });
    await group[Symbol.asyncDispose]();
    await expect(group.services.open("late", opening("late"))).rejects.toThrow(ServiceOpenError);
    expect(log).toEqual([]);
  });
});

describe("closing", () => {
  test("a second call joins the first, also from inside a service", async () => {
    const { log, opening } = createRecorder();
    const dispose: (() => PromiseLike<void>)[] = [];
    const joined: PromiseLike<void>[] = [];
    const group = await openServices(
      ({ open }) =>
        open(
          "one",
          opening("one", async () => {
            for (const again of dispose) joined.push(again());
          }),
        ),
      { signal },
    );
    dispose.push(() => group[Symbol.asyncDispose]());
    await Promise.all([group[Symbol.asyncDispose](), group[Symbol.asyncDispose]()]);
    await Promise.all(joined);
    expect(joined).toHaveLength(1);
    expect(log).toEqual(["open one", "close one"]);
  });

  test("goes on after a failure and reports all of them as one", async () => {
    const { logger, errors } = createRecordingLogger();
    const { log, opening } = createRecorder();
    const [first, second] = [new Error("disk full"), new Error("no answer")];
    const group = await openServices(
      async ({ open }) => {
        await open(
          "a",
          opening("a", async () => Promise.reject(first)),
        );
        await open("b", opening("b"));
        await open(
          "c",
          opening("c", async () => Promise.reject(second)),
        );
      },
      { signal, logger },
    );
    const closing = group[Symbol.asyncDispose]();
    await expect(closing).rejects.toThrow(ServiceCloseError);
    await expect(closing).rejects.toMatchObject({
      code: "ERR_SERVICE_CLOSE",
      message: "Closing failed for c: no answer; a: disk full",
      data: { names: ["c", "a"] },
      cause: { errors: [second, first] },
    });
    expect(errors).toEqual([second, first]);
    expect(log.slice(3)).toEqual(["close c", "close b", "close a"]);
  });

  test("gives up one that hangs, in time for those beneath it", async () => {
    const clock = createManualClock();
    const { log, opening } = createRecorder();
    const flushing = Promise.withResolvers<void>();
    const group = await openServices(
      async ({ open }) => {
        await open(
          "audit",
          opening("audit", () => flushing.promise),
        );
        await open("http", opening("http", forever));
      },
      { signal, clock, drainMs: 1_000 },
    );
    const outcome = errorOf(group[Symbol.asyncDispose]());
    await clock.advance(499);
    expect(log).not.toContain("close audit");
    await clock.advance(1);
    expect(log).toContain("close audit");
    await clock.advance(499);
    flushing.resolve();
    expect(await outcome).toMatchObject({
      data: { names: ["http"] },
      message: expect.stringContaining("Closing http took longer than 500 ms."),
    });
    expect(clock.pendingTimers).toBe(0);
  });

  test("takes no longer than its time, even if everything hangs", async () => {
    const clock = createManualClock();
    const { opening } = createRecorder();
    const names = ["a", "b", "c", "d", "e"];
    const group = await openServices(
      async ({ open }) => {
        for (const name of names) {
          await open(name, opening(name, forever));
        }
      },
      { signal, clock, drainMs: 1_000 },
    );
    const outcome = errorOf(group[Symbol.asyncDispose]());
    await clock.advance(1_000);
    expect(await outcome).toMatchObject({ data: { names: names.toReversed() } });
  });
});

describe("background work", () => {
  test("is aborted and awaited before the services it uses are closed", async () => {
    const { log, opening } = createRecorder();
    const group = await openServices(({ open }) => open("store", opening("store")), { signal });
    const started = Promise.withResolvers<void>();
    group.runInBackground("sweeper", async (context) => {
      const aborted = Promise.withResolvers<void>();
      context.signal.addEventListener("abort", () => aborted.resolve());
      started.resolve();
      await aborted.promise;
      log.push("sweeper done");
      context.signal.throwIfAborted();
    });
    await started.promise;
    await group[Symbol.asyncDispose]();
    expect(log).toEqual(["open store", "sweeper done", "close store"]);
  });

  test("that fails is logged once and hurts nobody", async () => {
    const { logger, errors } = createRecordingLogger();
    const group = await openServices(async () => undefined, { signal, logger });
    const broken = new Error("broken");
    group.runInBackground("broken", async () => Promise.reject(broken));
    group.runInBackground("broken at once", () => {
      throw broken;
    });
    await group[Symbol.asyncDispose]();
    expect(errors).toEqual([broken, broken]);
  });

  test("does not start in a group that is closing", async () => {
    const { log } = createRecorder();
    const group = await openServices(async () => undefined, { signal });
    const closing = group[Symbol.asyncDispose]();
    group.runInBackground("late", async () => {
      log.push("late");
    });
    await closing;
    expect(log).toEqual([]);
  });
});

test("whichever service fails, all that were opened are closed once, in reverse", async () => {
  const plan = fc.record({
    count: fc.integer({ min: 1, max: 8 }),
    failingAt: fc.option(fc.nat({ max: 7 }), { nil: undefined }),
    failingToClose: fc.uniqueArray(fc.nat({ max: 7 })),
  });
  await fc.assert(
    fc.asyncProperty(plan, async ({ count, failingAt, failingToClose }) => {
      const { log, opening } = createRecorder();
      const closing = async (index: number) => {
        if (failingToClose.includes(index)) throw new Error("stuck");
      };
      const attempt = async () => {
        await using _group = await openServices(
          async ({ open }) => {
            for (let index = 0; index < count; index += 1) {
              await open(String(index), async () => {
                if (index === failingAt) throw new Error("broken");
                return await opening(String(index), () => closing(index))();
              });
            }
          },
          { signal },
        );
      };
      await Promise.allSettled([attempt()]);
      const opened = Math.min(count, failingAt ?? count);
      const names = Array.from({ length: opened }, (_, index) => String(index));
      expect(log).toEqual([
        ...names.map((name) => `open ${name}`),
        ...names.toReversed().map((name) => `close ${name}`),
      ]);
    }),
    { seed: 6 },
  );
});
