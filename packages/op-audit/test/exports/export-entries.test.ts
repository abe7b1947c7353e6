import * as fc from "fast-check";
import { expect, test } from "vitest";
import { exportEntries, type AuditEntry, type ExportFormat } from "../../src/index.ts";
import { toCef } from "../../src/exports/to-cef.ts";
import { toCsv } from "../../src/exports/to-csv.ts";
import { flatFields } from "../../src/exports/flat-entry.ts";

const call: AuditEntry = {
  seq: 7,
  v: 1,
  kind: "call-ended",
  at: "2026-11-21T04:00:00.123Z",
  monotonicMs: 12.5,
  principal: "unix:uid=1000",
  client: { name: "cursor", version: "3" },
  sessionId: "s1",
  traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
  tool: "unit_restart",
  risk: "write",
  arguments: { unit: "nginx.service" },
  decision: { verdict: "allow", rule: "operators" },
  outcome: "failed",
  errorCode: "ERR_DBUS",
  durationMs: 3.25,
};
const event: AuditEntry = {
  seq: 8,
  v: 1,
  kind: "event",
  event: "authentication-failed",
  at: "2026-11-21T04:00:01.000Z",
  monotonicMs: 13,
  details: { from: "::1|=\n" },
};

async function write(format: ExportFormat): Promise<string> {
  async function* entries(): AsyncGenerator<AuditEntry> {
    yield call;
    yield event;
  }
  return (await Array.fromAsync(exportEntries(entries(), format))).join("");
}

test("JSON Lines", async () => {
  const lines = (await write("jsonl")).split("\n");
  expect(lines.map((line) => (line === "" ? line : JSON.parse(line)))).toEqual([call, event, ""]);
});

test("CSV", async () => {
  expect(await write("csv")).toBe(
    [
      "seq,at,kind,event,principal,client,sessionId,requestId,traceId,tool,via,source,risk,verdict,rule,reason,outcome,errorCode,durationMs,backend,agent,arguments,argumentsBytes,argumentsDigest,resultBytes,resultDigest,details,monotonicMs",
      '7,2026-11-21T04:00:00.123Z,call-ended,,unix:uid=1000,cursor 3,s1,,4bf92f3577b34da6a3ce929d0e0e4736,unit_restart,,,write,allow,operators,,failed,ERR_DBUS,3.25,,,"{""unit"":""nginx.service""}",,,,,,12.5',
      String.raw`8,2026-11-21T04:00:01.000Z,event,authentication-failed,,,,,,,,,,,,,,,,,,,,,,,"{""from"":""::1|=\n""}",13`,
      "",
    ].join("\r\n"),
  );
});

test("CSV keeps any text in its cell, and never lets it begin a formula", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "binary", minLength: 1 }),
      fc.constantFrom("", "=", "+", "-", "@", "\t", "\r", " ="),
      (text, start) => {
        const cells = parseCsvLine(toCsv({ ...call, tool: start + text }));
        const tool = cells[flatFields.indexOf("tool")]!;
        expect(cells).toHaveLength(flatFields.length);
        expect(tool.replace(/^'/, "")).toBe((start + text).replace(/^'/, ""));
        expect(tool).not.toMatch(/^\s*[=+\-@|%]/);
      },
    ),
    { seed: 4180, numRuns: 300 },
  );
});

test("CEF", async () => {
  expect((await write("cef")).split("\n").slice(0, -1)).toEqual([
    String.raw`CEF:0|op-mcp|op-audit|1|call-ended|call-ended unit_restart|3|rt=1795233600123 externalId=7 suser=unix:uid\=1000 requestClientApplication=cursor 3 cs1=s1 cs1Label=session cs3=4bf92f3577b34da6a3ce929d0e0e4736 cs3Label=trace act=unit_restart flexString2=write flexString2Label=risk cs4=operators cs4Label=rule outcome=failed flexString1=ERR_DBUS flexString1Label=error code cn1=3.25 cn1Label=duration in ms cs5={"unit":"nginx.service"} cs5Label=arguments`,
    String.raw`CEF:0|op-mcp|op-audit|1|authentication-failed|authentication-failed|7|rt=1795233601000 externalId=8 msg={"from":"::1|\=\\n"}`,
  ]);
});

test("CEF keeps any text on its line and in its field", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const line = toCef({ ...call, tool: `t${text}`, principal: text });
      expect(line).not.toMatch(/[\r\n]/);
      expect(line.replaceAll(/\\./g, "").split("|").length).toBeGreaterThanOrEqual(8);
    }),
    { seed: 25, numRuns: 200 },
  );
});

test("OpenTelemetry", async () => {
  const request = JSON.parse(await write("otel"));
  const records = request.resourceLogs[0].scopeLogs[0].logRecords;
  expect(records[0]).toMatchObject({
    timeUnixNano: "1795233600123000000",
    severityNumber: 13,
    eventName: "audit.call-ended",
    traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
    body: { stringValue: "call-ended unit_restart" },
  });
  expect(records[0].attributes).toContainEqual({
    key: "audit.durationMs",
    value: { doubleValue: 3.25 },
  });
  expect(records[1].attributes).toContainEqual({ key: "audit.seq", value: { intValue: "8" } });
});

function parseCsvLine(line: string): string[] {
  const cells: string[] = [];
  for (const match of line.slice(0, -2).matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,"]*))/gs)) {
    cells.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? "");
  }
  return cells;
}
