import { describe, expect, test } from "vitest";
import { toJournalArguments } from "../../../src/agents/systemd/journal/journal-query.ts";

const backward = { folder: "", direction: "backward" } as const;

describe("the time of a query", () => {
  test.each([
    ["2026-01-31T08:00:00Z", "--since=@1769846400"],
    ["2h", "--since=-2h"],
    ["30 min ago", "--since=-30min"],
    ["yesterday", "--since=yesterday"],
  ])("%s", (since, argument) => {
    expect(toJournalArguments({ lines: 1, since }, backward)).toContain(argument);
  });

  test.each(["", "--file=/etc/shadow", "2026-13-01T00:00:00Z", "@0", "1 h\n--x"])(
    "%j is none",
    (since) => {
      expect(() => toJournalArguments({ lines: 1, since }, backward)).toThrow("is no time");
    },
  );
});

test("whatever is asked for stays the value of its option", () => {
  const hostile = "--output=export";
  const query = { lines: 5, unit: "x.service", identifier: hostile, grep: hostile, after: hostile };
  const args = toJournalArguments(query, { folder: "/j", direction: "forward" });
  expect(args.filter((argument) => argument.startsWith("--output="))).toEqual(["--output=json"]);
  expect(args).toContain(`--grep=${hostile}`);
  expect(args).not.toContain("--lines=5");
  expect(() => toJournalArguments({ lines: 1, grep: "a\0b" }, backward)).toThrow("NUL");
});
