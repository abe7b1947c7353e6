import { getEventListeners } from "node:events";
import { setImmediate } from "node:timers/promises";
import * as fc from "fast-check";
import { createSingleFlight } from "op-core";
import { expect, test } from "vitest";

const reason = new Error("the caller left");

test("callers of one key share the work, callers of another have their own", async () => {
  const flights = createSingleFlight<string, string>();
  let started = 0;
  const work = async () => {
    started += 1;
    await setImmediate();
    return `result ${started}`;
  };
  const results = await Promise.all([
    flights.run("a", work),
    flights.run("a", work),
    flights.run("b", async () => "other"),
  ]);
  expect(results).toEqual(["result 1", "result 1", "other"]);
});

test("keeps nothing once the work has settled, whether it succeeded or failed", async () => {
  const flights = createSingleFlight<string, number>();
  let started = 0;
  const succeed = async () => (started += 1);
  await expect(flights.run("a", succeed)).resolves.toBe(1);
  await expect(flights.run("a", succeed)).resolves.toBe(2);
  await expect(flights.run("a", async () => Promise.reject(reason))).rejects.toBe(reason);
  await expect(
    flights.run("a", () => {
      throw reason;
    }),
  ).rejects.toBe(reason);
  await expect(flights.run("a", succeed)).resolves.toBe(3);
  expect(flights.size).toBe(0);
});

test("one caller's abort leaves the others and the work alone", async () => {
  const flights = createSingleFlight<string, string>();
  const gate = Promise.withResolvers<string>();
  const leaver = new AbortController();
  const { signal } = new AbortController();
  let workSignal: AbortSignal | undefined;
  const work = async (given: AbortSignal) => {
    workSignal = given;
    return await gate.promise;
  };
  const leaving = flights.run("a", work, { signal: leaver.signal });
  const staying = flights.run("a", work, { signal });
  leaver.abort(reason);
  await expect(leaving).rejects.toBe(reason);
  gate.resolve("shared");
  await expect(staying).resolves.toBe("shared");
  expect(workSignal?.aborted).toBe(false);
  expect(getEventListeners(signal, "abort")).toEqual([]);
});

test("the work is aborted when everyone has left, and the next caller starts afresh", async () => {
  const flights = createSingleFlight<string, string>();
  const signals: AbortSignal[] = [];
  const work = (signal: AbortSignal) => {
    signals.push(signal);
    return new Promise<string>((_resolve, reject) => {
      signal.addEventListener("abort", () => reject(new Error("stopped")));
    });
  };
  const controllers = [new AbortController(), new AbortController()] as const;
  const callers = controllers.map(({ signal }) => flights.run("a", work, { signal }));
  const left = Promise.allSettled(callers);
  controllers[0].abort(reason);
  await setImmediate();
  expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
  controllers[1].abort(reason);
  await left;
  expect(signals[0]?.reason).toBe(reason);

  await expect(flights.run("a", async () => "fresh")).resolves.toBe("fresh");
});

test("aborted work that ends late does not disturb the work that came after it", async () => {
  const flights = createSingleFlight<string, string>();
  const [first, second] = [Promise.withResolvers<string>(), Promise.withResolvers<string>()];
  const controller = new AbortController();
  const leaving = flights.run("a", () => first.promise, { signal: controller.signal });
  controller.abort(reason);
  await expect(leaving).rejects.toBe(reason);

  const staying = flights.run("a", () => second.promise);
  first.resolve("late");
  await setImmediate();
  const joining = flights.run("a", async () => "a third piece of work");
  second.resolve("shared");
  expect(await Promise.all([staying, joining])).toEqual(["shared", "shared"]);
});

test("a caller that has aborted before starts nothing", async () => {
  const flights = createSingleFlight<string, string>();
  const signal = AbortSignal.abort(reason);
  await expect(flights.run("a", async () => "never", { signal })).rejects.toBe(reason);
  expect(flights.size).toBe(0);
});

type Command =
  | { readonly kind: "join"; readonly key: number }
  | { readonly kind: "leave"; readonly pick: number }
  | { readonly kind: "finish"; readonly pick: number; readonly succeeds: boolean };

const commands: fc.Arbitrary<readonly Command[]> = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant("join" as const), key: fc.nat({ max: 2 }) }),
    fc.record({ kind: fc.constant("leave" as const), pick: fc.nat() }),
    fc.record({ kind: fc.constant("finish" as const), pick: fc.nat(), succeeds: fc.boolean() }),
  ),
  { maxLength: 40 },
);

interface ModelFlight {
  readonly id: number;
  readonly key: number;
  readonly callers: Set<number>;
}

test("behaves like its model: one work per key, aborted exactly when all have left", async () => {
  await fc.assert(fc.asyncProperty(commands, runAgainstModel), { seed: 4, numRuns: 300 });
});

async function runAgainstModel(script: readonly Command[]): Promise<void> {
  const flights = createSingleFlight<number, number>();
  const works: { signal: AbortSignal; gate: PromiseWithResolvers<number> }[] = [];
  const controllers = new Map<number, AbortController>();
  const outcomes = new Map<number, string>();
  const model = {
    flights: new Map<number, ModelFlight>(),
    started: 0,
    aborted: new Set<number>(),
    outcomes: new Map<number, string>(),
  };

  const work = (signal: AbortSignal) => {
    const gate = Promise.withResolvers<number>();
    works.push({ signal, gate });
    return gate.promise;
  };
  const join = async (caller: number, key: number) => {
    const controller = new AbortController();
    controllers.set(caller, controller);
    try {
      outcomes.set(caller, `got ${await flights.run(key, work, { signal: controller.signal })}`);
    } catch (error) {
      outcomes.set(caller, error === reason ? "left" : "failed");
    }
  };
  const modelJoin = (caller: number, key: number) => {
    const flight = model.flights.get(key) ?? { id: model.started++, key, callers: new Set() };
    model.flights.set(key, flight);
    flight.callers.add(caller);
  };
  const leave = (caller: number) => {
    controllers.get(caller)?.abort(reason);
    for (const flight of model.flights.values()) {
      if (!flight.callers.delete(caller)) continue;
      model.outcomes.set(caller, "left");
      if (flight.callers.size > 0) continue;
      model.flights.delete(flight.key);
      model.aborted.add(flight.id);
    }
  };
  const finish = (pick: number, succeeds: boolean) => {
    const flight = [...model.flights.values()][pick % Math.max(1, model.flights.size)];
    if (flight === undefined) return;
    model.flights.delete(flight.key);
    for (const caller of flight.callers) {
      model.outcomes.set(caller, succeeds ? `got ${flight.id}` : "failed");
    }
    const { gate } = works[flight.id]!;
    if (succeeds) gate.resolve(flight.id);
    else gate.reject(new Error("failed"));
  };

  for (const [index, command] of script.entries()) {
    if (command.kind === "join") {
      void join(index, command.key);
      modelJoin(index, command.key);
    } else if (command.kind === "leave") {
      leave([...controllers.keys()][command.pick % Math.max(1, controllers.size)] ?? -1);
    } else {
      finish(command.pick, command.succeeds);
    }
    await setImmediate();
    expect(works).toHaveLength(model.started);
    expect(flights.size).toBe(model.flights.size);
    expect(new Map(outcomes)).toEqual(model.outcomes);
    expect(works.flatMap(({ signal }, id) => (signal.aborted ? [id] : []))).toEqual(
      [...model.aborted].toSorted((a, b) => a - b),
    );
  }
}
