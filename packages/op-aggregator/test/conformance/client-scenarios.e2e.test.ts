import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { runClientSuites, type ClientReport } from "../../conformance/client-suites.ts";

/** What is required by each suite, and the fewest checks in which it may show. */
const suites = [
  { name: "requirements of 2025-11-25", required: 18, checks: 250 },
  { name: "requirements of 2026-07-28", required: 32, checks: 400 },
  { name: "scenarios of 2025-06-18", required: 5, checks: 50 },
  { name: "scenarios of 2025-03-26", required: 2, checks: 15 },
  { name: "released suite", required: 24, checks: 250 },
];

const document = new URL("../../../../docs/conformance.md", import.meta.url);

describe("the client scenarios of the official suites, with the aggregator as the client", () => {
  let report: ClientReport;
  beforeAll(async () => {
    report = await runClientSuites();
  }, 240_000);

  it.each(suites)("all pass that $name has", ({ name, required, checks }) => {
    expect(report, report.text).toMatchObject({ isPassed: true });
    const line = report.text.split("\n").find((one) => one.startsWith(`ok  ${name}:`)) ?? "";
    expect(line).toContain(`${required}/${required} required scenarios`);
    const counted = Number(/(?<count>\d+) checks$/u.exec(line)?.groups?.["count"]);
    expect(counted, line).toBeGreaterThanOrEqual(checks);
  });

  it("are listed where they are not scored and do not pass", () => {
    const failing = [...report.text.matchAll(/not scored and not passed: (.*)$/gmu)].flatMap(
      ([, names = ""]) => names.split(", "),
    );
    const [, section = ""] = readFileSync(document, "utf8").split(/^## Clients$/mu);
    const [clients = ""] = section.split(/^## /mu);
    const listed = [...clients.matchAll(/^\| `(auth\/[\w-]+)` +\|/gmu)].map(([, name]) => name);
    expect(new Set(listed)).toEqual(new Set(failing));
  });
});
