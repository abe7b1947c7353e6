import * as fc from "fast-check";
import { CircuitOpenError, createCircuitBreaker, type CircuitBreaker } from "op-core";
import { createManualClock } from "op-core/testing";
import { expect, test } from "vitest";

const options = {
  windowMs: 10_000,
  minimumCalls: 4,
  failureRatio: 0.5,
  openMs: 5_000,
  halfOpenCalls: 2,
};
const down = new Error("down");

const succeed = (breaker: CircuitBreaker) => breaker.run(async () => "up");
const fail = (breaker: CircuitBreaker) =>
  expect(breaker.run(async () => Promise.reject(down))).rejects.toBe(down);

async function open(breaker: CircuitBreaker): Promise<void> {
  for (let call = 0; call < options.minimumCalls; call += 1) await fail(breaker);
  expect(breaker.state.kind).toBe("open");
}

/** A call whose end the test decides. */
function startCall(breaker: CircuitBreaker) {
  const gate = Promise.withResolvers<void>();
  let isUnderway = false;
  const run = breaker.run(() => {
    isUnderway = true;
    return gate.promise;
  });
  return { ...gate, run, isUnderway };
}

test("opens when the share of failures is reached, not before there are enough calls", async () => {
  const breaker = createCircuitBreaker({ ...options, clock: createManualClock() });
  await fail(breaker);
  await fail(breaker);
  await succeed(breaker);
  expect(breaker.state.kind).toBe("closed");
  await succeed(breaker);
  expect(breaker.state.kind).toBe("open");
});

test("refuses calls while it is open, without making them, and says when to come back", async () => {
  const clock = createManualClock();
  const breaker = createCircuitBreaker({ ...options, clock, what: "Calling github" });
  await open(breaker);
  await clock.advance(2_000);
  let calls = 0;
  const refused = breaker.run(async () => (calls += 1));
  await expect(refused).rejects.toThrow(CircuitOpenError);
  await expect(refused).rejects.toMatchObject({
    code: "ERR_CIRCUIT_OPEN",
    retryable: true,
    message: "Calling github was refused because too many of the recent calls failed.",
    advice: "Try again in 3000 ms.",
    data: { retryAfterMs: 3_000 },
  });
  expect(calls).toBe(0);
});

test("forgets what happened before its window", async () => {
  const clock = createManualClock();
  const breaker = createCircuitBreaker({ ...options, clock });
  for (let call = 0; call < 3; call += 1) await fail(breaker);
  await clock.advance(options.windowMs);
  await fail(breaker);
  expect(breaker.state.kind).toBe("closed");
});

test("closes when as many trial calls have succeeded as it lets through", async () => {
  const clock = createManualClock();
  const breaker = createCircuitBreaker({ ...options, clock });
  await open(breaker);
  await clock.advance(options.openMs);
  const first = startCall(breaker);
  const second = startCall(breaker);
  expect(breaker.state.kind).toBe("half-open");
  await expect(succeed(breaker)).rejects.toThrow(CircuitOpenError);
  first.resolve();
  await first.run;
  expect(breaker.state.kind).toBe("half-open");
  second.resolve();
  await second.run;
  expect(breaker.state.kind).toBe("closed");
});

test("opens again when a trial call fails", async () => {
  const clock = createManualClock();
  const breaker = createCircuitBreaker({ ...options, clock });
  await open(breaker);
  await clock.advance(options.openMs);
  await succeed(breaker);
  await fail(breaker);
  expect(breaker.state).toEqual({ kind: "open", untilMs: 10_000 });
});

test("trial calls that hang do not keep it from closing", async () => {
  const clock = createManualClock();
  const breaker = createCircuitBreaker({ ...options, clock });
  await open(breaker);
  await clock.advance(options.openMs);
  startCall(breaker);
  startCall(breaker);
  await clock.advance(options.openMs);
  await succeed(breaker);
  await succeed(breaker);
  expect(breaker.state.kind).toBe("closed");
});

test("a call from before the last change has no say", async () => {
  const clock = createManualClock();
  const breaker = createCircuitBreaker({ ...options, clock });
  const old = startCall(breaker);
  await open(breaker);
  await clock.advance(options.openMs);
  await succeed(breaker);
  old.reject(down);
  await expect(old.run).rejects.toBe(down);
  expect(breaker.state.kind).toBe("half-open");
});

test("errors that do not speak against the other side count neither way", async () => {
  const clock = createManualClock();
  const badInput = new Error("bad input");
  const breaker = createCircuitBreaker({
    ...options,
    clock,
    countsAsFailure: (error) => error !== badInput,
  });
  const ignore = () =>
    expect(breaker.run(async () => Promise.reject(badInput))).rejects.toBe(badInput);
  for (let call = 0; call < 10; call += 1) await ignore();
  expect(breaker.state.kind).toBe("closed");
  await open(breaker);
  await clock.advance(options.openMs);
  for (let call = 0; call < 10; call += 1) await ignore();
  expect(breaker.state.kind).toBe("half-open");
  await succeed(breaker);
  await succeed(breaker);
  expect(breaker.state.kind).toBe("closed");
});

test("tells of each change until the listener is disposed", async () => {
  const clock = createManualClock();
  const breaker = createCircuitBreaker({ ...options, clock });
  const changes: string[] = [];
  const listening = breaker.onChange((state, previous) =>
    changes.push(`${previous.kind} → ${state.kind}`),
  );
  await open(breaker);
  await clock.advance(options.openMs);
  await succeed(breaker);
  await succeed(breaker);
  listening[Symbol.dispose]();
  await open(breaker);
  expect(changes).toEqual(["closed → open", "open → half-open", "half-open → closed"]);
});

type Outcome = "succeeded" | "failed" | "ignored";
type Command =
  | { readonly kind: "start" }
  | { readonly kind: "settle"; readonly pick: number; readonly outcome: Outcome }
  | { readonly kind: "advance"; readonly ms: number };

const commands: fc.Arbitrary<readonly Command[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant("start" as const) }) },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant("settle" as const),
        pick: fc.nat(),
        outcome: fc.constantFrom<Outcome>("succeeded", "succeeded", "failed", "ignored"),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant("advance" as const), ms: fc.nat({ max: 60 }) }),
    },
  ),
  { maxLength: 80 },
);

const rules = fc.record({
  windowMs: fc.constantFrom(50, 100),
  minimumCalls: fc.integer({ min: 1, max: 4 }),
  failureRatio: fc.constantFrom(0.25, 0.5, 1),
  openMs: fc.constantFrom(20, 40),
  halfOpenCalls: fc.integer({ min: 1, max: 4 }),
});

/** The breaker told in the plainest way: it remembers every call and counts them anew each time. */
class ModelBreaker {
  kind: "closed" | "open" | "half-open" = "closed";
  #rules: typeof options;
  #era = 0;
  #untilMs = 0;
  #settled: { tenth: number; failed: boolean }[] = [];
  #places = 0;
  #passed = 0;

  constructor(given: typeof options) {
    this.#rules = given;
  }

  /** The era the call belongs to, or `undefined` when it is refused. */
  start(nowMs: number): number | undefined {
    if (this.kind === "closed") return this.#era;
    if (nowMs >= this.#untilMs) {
      if (this.kind === "open") this.#become("half-open");
      if (this.#places === 0) this.#renewPlaces(nowMs);
    }
    if (this.kind === "open" || this.#places === 0) return undefined;
    this.#places -= 1;
    return this.#era;
  }

  settle(era: number, outcome: Outcome, nowMs: number): void {
    if (era !== this.#era) return;
    if (this.kind === "closed") this.#count(outcome, nowMs);
    else if (outcome === "failed") this.#open(nowMs);
    else if (outcome === "succeeded") this.#pass();
    else this.#places = Math.min(this.#places + 1, this.#rules.halfOpenCalls - this.#passed);
  }

  #count(outcome: Outcome, nowMs: number): void {
    if (outcome === "ignored") return;
    const tenth = Math.floor(nowMs / (this.#rules.windowMs / 10));
    this.#settled.push({ tenth, failed: outcome === "failed" });
    const recent = this.#settled.filter((call) => tenth - call.tenth < 10);
    const failures = recent.filter(({ failed }) => failed).length;
    if (recent.length < this.#rules.minimumCalls) return;
    if (failures / recent.length >= this.#rules.failureRatio) this.#open(nowMs);
  }

  #pass(): void {
    this.#passed += 1;
    this.#places = Math.min(this.#places, this.#rules.halfOpenCalls - this.#passed);
    if (this.#passed === this.#rules.halfOpenCalls) this.#become("closed");
  }

  #open(nowMs: number): void {
    this.#become("open");
    this.#untilMs = nowMs + this.#rules.openMs;
  }

  #renewPlaces(nowMs: number): void {
    this.#places = this.#rules.halfOpenCalls - this.#passed;
    this.#untilMs = nowMs + this.#rules.openMs;
  }

  #become(kind: "closed" | "open" | "half-open"): void {
    this.kind = kind;
    this.#era += 1;
    this.#settled = [];
    this.#places = 0;
    this.#passed = 0;
  }
}

/** Ways into the states that chance alone would seldom reach. */
const preludes: readonly ((given: typeof options) => readonly Command[])[] = [
  () => [],
  toTrialsDue,
  (given) => [
    ...toTrialsDue(given),
    ...repeat(given.halfOpenCalls, { kind: "start" }),
    { kind: "advance", ms: given.openMs },
  ],
];

function toTrialsDue({ minimumCalls, openMs }: typeof options): readonly Command[] {
  return [
    ...repeat(minimumCalls, { kind: "start" }),
    ...repeat(minimumCalls, { kind: "settle", pick: 0, outcome: "failed" }),
    { kind: "advance", ms: openMs },
  ];
}

function repeat(times: number, command: Command): readonly Command[] {
  return Array.from({ length: times }, () => command);
}

test("behaves like its model, whatever overlaps", async () => {
  const scripts = fc
    .tuple(rules, fc.constantFrom(...preludes), commands)
    .map(([given, prelude, script]) => [given, [...prelude(given), ...script]] as const);
  const differences = await fc.check(
    fc.asyncProperty(scripts, ([given, script]) => runAgainstModel(given, script)),
    { seed: 5, numRuns: 3_000 },
  );
  expect(fc.defaultReportMessage(differences)).toBeUndefined();
});

async function runAgainstModel(given: typeof options, script: readonly Command[]): Promise<void> {
  const clock = createManualClock();
  const ignorable = new Error("says nothing");
  const breaker = createCircuitBreaker({
    ...given,
    clock,
    countsAsFailure: (error) => error !== ignorable,
  });
  const model = new ModelBreaker(given);
  const underway: { call: ReturnType<typeof startCall>; era: number }[] = [];

  const start = async () => {
    const era = model.start(clock.monotonic());
    const call = startCall(breaker);
    expect(call.isUnderway).toBe(era !== undefined);
    if (era === undefined) await Promise.allSettled([call.run]);
    else underway.push({ call, era });
  };

  for (const command of script) {
    if (command.kind === "advance") {
      await clock.advance(command.ms);
    } else if (command.kind === "start") {
      await start();
    } else {
      const [settling] = underway.splice(command.pick % Math.max(1, underway.length), 1);
      if (settling === undefined) continue;
      const { call, era } = settling;
      if (command.outcome === "succeeded") call.resolve();
      else call.reject(command.outcome === "failed" ? down : ignorable);
      await Promise.allSettled([call.run]);
      model.settle(era, command.outcome, clock.monotonic());
    }
    expect(breaker.state.kind).toBe(model.kind);
  }
}
