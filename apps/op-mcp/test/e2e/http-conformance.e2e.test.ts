import { readFileSync } from "node:fs";
import { beforeAll, describe, expect } from "vitest";
import { runConformance, type ConformanceReport } from "../../conformance/run-conformance.ts";
import { verifies } from "./verifies.ts";

/** What is required by each suite, and the fewest checks in which it may show. */
const suites = [
  { name: "requirements of 2025-11-25", required: 30, checks: 80 },
  { name: "requirements of 2026-07-28", required: 37, checks: 180 },
  { name: "released suite", required: 32, checks: 40 },
];

const document = new URL("../../../../docs/conformance.md", import.meta.url);

function expectPassed(report: ConformanceReport): void {
  expect(report, report.text).toMatchObject({ isPassed: true });
  for (const { name, required, checks } of suites) {
    const line = report.text.split("\n").find((one) => one.startsWith(`ok  ${name}:`)) ?? "";
    expect(line).toContain(`${required}/${required} required scenarios`);
    const counted = Number(/(?<count>\d+) checks$/u.exec(line)?.groups?.["count"]);
    expect(counted, line).toBeGreaterThanOrEqual(checks);
  }
}

describe("the official conformance suites, against a server behind the binary", () => {
  let report: ConformanceReport;
  beforeAll(async () => {
    report = await runConformance("upstream");
  }, 240_000);

  verifies("upstreams.conformance", "every required scenario ran and passed", async () => {
    expectPassed(report);
    await Promise.resolve();
  });
});

describe("the official conformance suites, against the binary", () => {
  let report: ConformanceReport;
  beforeAll(async () => {
    report = await runConformance();
  }, 120_000);

  verifies("http.conformance", "every required scenario ran and passed", async () => {
    expectPassed(report);
    await Promise.resolve();
  });

  verifies("http.conformance", "what is not scored and not passed is listed", async () => {
    const failing = [...report.text.matchAll(/not scored and not passed: (.*)$/gmu)].flatMap(
      ([, names = ""]) => names.split(", "),
    );
    const [, section = ""] = readFileSync(document, "utf8").split(/^## Servers$/mu);
    const [servers = ""] = section.split(/^## /mu);
    const listed = [...servers.matchAll(/^\| `([\w-]+)` +\|/gmu)];
    expect(new Set(listed.map(([, name]) => name))).toEqual(new Set(failing));
    await Promise.resolve();
  });
});
