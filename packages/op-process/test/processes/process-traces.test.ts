import { expect, test } from "vitest";
import type { ProcessEntry, ProcessTable } from "../../src/processes/process-table.ts";
import { findRelatives } from "../../src/processes/process-traces.ts";

function createTable(...entries: Partial<ProcessEntry>[]): ProcessTable {
  const defaults = { parent: 1, group: 1, session: 1, state: "S", startTime: 50 };
  return new Map(
    entries.map((entry) => [
      entry.pid!,
      { pid: 0, cpuMs: 0, threads: 1, residentPages: 0, ...defaults, ...entry },
    ]),
  );
}

const traces = { leader: { pid: 10, startTime: 50 }, marker: "none" };
const pidsOf = (table: ProcessTable) => findRelatives(table, traces).map(({ pid }) => pid);

test("descendants, the group and the session belong to a child; others don't", () => {
  const table = createTable(
    { pid: 1, parent: 0 },
    { pid: 10, group: 10, session: 10 },
    { pid: 11, parent: 10 },
    { pid: 12, parent: 11 },
    { pid: 13, group: 10 },
    { pid: 14, session: 10 },
    { pid: 20 },
    { pid: 21, parent: 20 },
  );
  expect(pidsOf(table)).toEqual([10, 11, 12, 13, 14]);
});

test("what is left of a child whose first process is gone still belongs to it", () => {
  expect(pidsOf(createTable({ pid: 13, group: 10 }, { pid: 14, session: 10 }))).toEqual([13, 14]);
});

test("the dead are not counted", () => {
  const dead = createTable({ pid: 10, group: 10, state: "Z" }, { pid: 11, group: 10, state: "X" });
  expect(pidsOf(dead)).toEqual([]);
});

test("whoever got the number of a process that is gone has nothing to do with it", () => {
  const reused = createTable(
    { pid: 10, group: 10, session: 10, startTime: 99 },
    { pid: 11, parent: 10, group: 10, session: 10 },
  );
  expect(pidsOf(reused)).toEqual([]);
});

test("a table in which two are each other's parents is read to its end", () => {
  expect(pidsOf(createTable({ pid: 10 }, { pid: 2, parent: 3 }, { pid: 3, parent: 2 }))).toEqual([
    10,
  ]);
});

test("a child that was not started has no processes", () => {
  expect(findRelatives(createTable({ pid: 10 }), { marker: "none" })).toEqual([]);
});
