import assert from "node:assert/strict";
import type { NewStep, RecordStart, StateStore } from "../store/state-store.ts";
import type { ContractCase } from "./contract-case.ts";

const start: RecordStart = {
  kind: "apply",
  status: "running",
  atMs: 1_700_000_000_000.5,
  who: "Zoë",
  why: 'because of "this"\nand that',
  planHash: "abc",
  target: null,
};

/** What every {@link StateStore} promises, as cases for any test runner. `open` makes an empty store. */
export function stateStoreContract(open: () => Promise<StateStore>): readonly ContractCase[] {
  const make = (name: string, check: (store: StateStore) => Promise<void>): ContractCase => ({
    name,
    check: async () => {
      await using store = await open();
      await check(store);
    },
  });
  return [
    make("keeps records and steps as they were given", checkRecords),
    make("keeps how far a run is", checkProgress),
    make("lists the newest records first, in pages", checkPages),
    make("finds what is half done", checkUnfinished),
    make("finds the earliest state since a record", checkEarliest),
    make("keeps what is declared", checkDeclared),
    make("forgets the oldest, but nothing that is half done", checkPrune),
    make("lets one have a lock at a time", checkLocks),
  ];
}

function step(key: string, saved: string): NewStep {
  return { plugin: "files", key, task: { kind: "keep" }, saved: { saved }, declared: null };
}

async function checkRecords(store: StateStore): Promise<void> {
  const change = {
    plugin: "files",
    key: "/a",
    desired: { content: "\0é" },
    action: "create",
    risk: "write",
    isReversible: true,
    before: null,
    after: { content: "\0é" },
    requires: ["files:/"],
  } as const;
  const steps: NewStep[] = [
    { ...step("/a", "old"), task: { kind: "reach", change } },
    {
      ...step("/b", "old"),
      task: { kind: "restore", saved: [1, null], declared: { desired: null } },
    },
    { ...step("/c", "old"), declared: { desired: { content: "x" } } },
  ];
  const id = await store.begin(start, steps);
  const record = { ...start, id, endedMs: null, error: null, isRecovered: false };
  assert.deepEqual(await store.record(id), record);
  assert.deepEqual(
    await store.steps(id),
    steps.map((one) => ({ ...one, status: "pending" })),
  );
  assert.equal(await store.record(id + 1), undefined);
  assert.deepEqual(await store.steps(id + 1), []);
}

async function checkProgress(store: StateStore): Promise<void> {
  const id = await store.begin(start, [step("/a", "1"), step("/b", "2")]);
  await store.markStep(id, 1, "started");
  assert.deepEqual(
    (await store.steps(id)).map(({ status }) => status),
    ["pending", "started"],
  );
  await store.markUndoing(id, "it broke");
  assert.equal((await store.record(id))?.status, "undoing");
  const end = { status: "undone", endedMs: 5, error: "it broke", isRecovered: true } as const;
  await store.end(id, { ...end, declared: [] });
  assert.deepEqual(await store.record(id), { ...start, id, ...end });
}

async function checkPages(store: StateStore): Promise<void> {
  const ids: number[] = [];
  for (const why of ["1", "2", "3"]) ids.push(await store.begin({ ...start, why }, []));
  const [first, second, third] = ids;
  assert.deepEqual(
    ids,
    ids.toSorted((left, right) => left - right),
  );
  const page = await store.records({ limit: 2 });
  assert.deepEqual(
    page.map(({ id }) => id),
    [third, second],
  );
  const rest = await store.records({ beforeId: second ?? 0 });
  assert.deepEqual(
    rest.map(({ id }) => id),
    [first],
  );
}

async function checkUnfinished(store: StateStore): Promise<void> {
  const ended = { endedMs: 1, error: null, isRecovered: false, declared: [] };
  const done = await store.begin(start, []);
  await store.end(done, { status: "completed", ...ended });
  const running = await store.begin(start, []);
  const undoing = await store.begin(start, []);
  await store.markUndoing(undoing, "why");
  const found = await store.records({ isUnfinished: true });
  assert.deepEqual(
    found.map(({ id }) => id),
    [undoing, running],
  );
}

async function checkEarliest(store: StateStore): Promise<void> {
  await store.begin(start, [step("/a", "before")]);
  const second = await store.begin(start, [step("/a", "1"), step("/b", "2")]);
  await store.begin(start, [step("/a", "3"), step("/c", "4")]);
  const steps = await store.earliestSince(second);
  assert.deepEqual(
    steps.map(({ key, saved }) => [key, saved]),
    [
      ["/a", { saved: "1" }],
      ["/b", { saved: "2" }],
      ["/c", { saved: "4" }],
    ],
  );
}

function declare(key: string, desired: { text: string } | null) {
  return { plugin: "files", key, declared: { desired } };
}

async function checkDeclared(store: StateStore): Promise<void> {
  const ended = { status: "completed", endedMs: 1, error: null, isRecovered: false } as const;
  const id = await store.begin(start, []);
  await store.end(id, { ...ended, declared: [declare("/b", null), declare("/a", { text: "x" })] });
  assert.deepEqual(await store.declared(), [
    { plugin: "files", key: "/a", desired: { text: "x" } },
    { plugin: "files", key: "/b", desired: null },
  ]);
  const gone = { plugin: "files", key: "/b", declared: null };
  await store.end(id, { ...ended, declared: [gone, declare("/a", { text: "y" })] });
  assert.deepEqual(await store.declared(), [
    { plugin: "files", key: "/a", desired: { text: "y" } },
  ]);
}

async function checkPrune(store: StateStore): Promise<void> {
  const ended = { status: "completed", endedMs: 1, error: null, isRecovered: false } as const;
  const begin = async (atMs: number) => store.begin({ ...start, atMs }, [step("/a", String(atMs))]);
  const ids = [await begin(1), await begin(2), await begin(3), await begin(4), await begin(5)];
  const [first = 0, second = 0, third = 0, fourth = 0, fifth = 0] = ids;
  for (const id of [first, second, fourth, fifth]) {
    await store.end(id, { ...ended, declared: [declare("/a", null)] });
  }
  const left = async () => (await store.records()).map(({ id }) => id);
  assert.equal(await store.prune({ keep: 10, sinceMs: 2 }), 1);
  assert.deepEqual(await left(), [fifth, fourth, third, second]);
  assert.equal(await store.prune({ keep: 1, sinceMs: 0 }), 1);
  assert.deepEqual(await left(), [fifth, fourth, third]);
  assert.equal((await store.declared()).length, 1);
  await store.end(third, { ...ended, declared: [] });
  assert.equal(await store.prune({ keep: 1, sinceMs: 0 }), 2);
  assert.deepEqual(await store.steps(third), []);
  assert.equal(await store.prune({ keep: 0, sinceMs: 0 }), 1);
  assert.equal((await begin(6)) > fifth, true, "a number is used again");
}

async function checkLocks(store: StateStore): Promise<void> {
  const lock = await store.tryLock("files");
  assert.notEqual(lock, undefined);
  assert.equal(await store.tryLock("files"), undefined);
  await using other = await store.tryLock("units");
  assert.notEqual(other, undefined);
  await lock?.[Symbol.asyncDispose]();
  await using again = await store.tryLock("files");
  assert.notEqual(again, undefined);
}
