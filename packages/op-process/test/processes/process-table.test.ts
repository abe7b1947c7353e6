import { assert, property, string } from "fast-check";
import { expect, test } from "vitest";
import {
  isAlive,
  parseStat,
  readProcess,
  readProcessTable,
} from "../../src/processes/process-table.ts";
import { pageSizeBytes } from "../../src/processes/page-size.ts";

function statLine(name: string): string {
  return `42 (${name}) S 7 40 39 0 -1 4194560 1 2 3 4 100 50 10 5 20 0 3 0 9876 1000000 512 18446744073709551615 1`;
}

test("reads what a process is, whatever its name", () => {
  expect.hasAssertions();
  assert(
    property(string({ unit: "binary" }), (name) => {
      expect(parseStat(statLine(name))).toEqual({
        pid: 42,
        parent: 7,
        group: 40,
        session: 39,
        state: "S",
        cpuMs: 1_650,
        threads: 3,
        startTime: 9_876,
        residentPages: 512,
      });
    }),
    { seed: 7, examples: [["a) R 1 1 1 (b"], ["("], [")"], [""]] },
  );
});

test.each(["", "42", "42 (x", "42 (x) S 1 2", "nonsense"])("%j is no process", (text) => {
  expect(parseStat(text)).toBeUndefined();
});

test("this process is in the table, alive and of some size", () => {
  const own = readProcessTable().get(process.pid)!;
  expect(own).toMatchObject({
    parent: process.ppid,
    startTime: readProcess(process.pid)?.startTime,
  });
  expect(isAlive(own)).toBe(true);
  const bytes = own.residentPages * pageSizeBytes();
  expect(bytes / process.memoryUsage.rss()).toBeCloseTo(1, 0);
});

test("nobody is where nobody can be", () => {
  expect(readProcess(2 ** 30)).toBeUndefined();
});
