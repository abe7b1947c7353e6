/**
 * Measures what the log promises, beside what SQLite does with the same entries. Prints one JSON object a line.
 * Run it with `node --conditions=@op-mcp/source packages/op-audit/bench/append.ts [--only ID,ID]`.
 */
import { hash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { parseArgs } from "node:util";
import {
  createAuditKey,
  openAuditIndex,
  openAuditLog,
  verifyLog,
  type AuditLog,
  type CallEndedDraft,
} from "../src/index.ts";

interface Row {
  readonly id: string;
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly against: string;
  readonly ratio: number;
  readonly promised: string;
  readonly ok: boolean;
}

const key = createAuditKey("bench");
const verifiers = [key.verifier];
const tools = 200;

function draft(at: number): CallEndedDraft {
  return {
    kind: "call-ended",
    principal: "unix:uid=1000",
    client: { name: "claude-code", version: "2.1.0" },
    sessionId: "3b0c2f1e9a",
    requestId: `req-${at}`,
    traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
    tool: `tool_${at % tools}`,
    source: "dbus",
    risk: "write",
    arguments: { mode: "replace", reason: "configuration changed", unit: "nginx.service" },
    decision: { verdict: "allow", rule: "operators-restart" },
    outcome: "ok",
    durationMs: 12.5,
    result: { content: [{ type: "text", text: "done" }] },
  };
}

interface Load {
  readonly perSecond: number;
  readonly p50Ms: number;
}

async function load(
  callers: number,
  count: number,
  call: (at: number) => Promise<unknown>,
): Promise<Load> {
  const tookMs: number[] = [];
  let next = 0;
  const started = performance.now();
  const caller = async (): Promise<void> => {
    while (next < count) {
      const from = performance.now();
      await call(next++);
      tookMs.push(performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  const perSecond = (count / (performance.now() - started)) * 1000;
  return { perSecond, p50Ms: median(tookMs) };
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** An audit table as it is usually made, with four indexes. */
function openTable(path: string): {
  readonly database: DatabaseSync;
  readonly insert: (at: number) => void;
} {
  const database = new DatabaseSync(path);
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    CREATE TABLE audit (seq INTEGER PRIMARY KEY, at INTEGER, principal TEXT, tool TEXT, outcome TEXT, body TEXT);
    CREATE INDEX by_at ON audit (at); CREATE INDEX by_principal ON audit (principal);
    CREATE INDEX by_tool ON audit (tool); CREATE INDEX by_outcome ON audit (outcome);`);
  const statement = database.prepare(
    "INSERT INTO audit (at, principal, tool, outcome, body) VALUES (?, ?, ?, ?, ?)",
  );
  const insert = (at: number): void => {
    const entry = draft(at);
    statement.run(
      Date.now(),
      entry.principal ?? "",
      entry.tool,
      entry.outcome,
      JSON.stringify(entry),
    );
  };
  return { database, insert };
}

/** What SQLite does when every entry has to be durable: a transaction each. */
function loadSqlite(path: string, count: number): Load {
  const { database, insert } = openTable(path);
  const tookMs: number[] = [];
  const started = performance.now();
  for (let at = 0; at < count; at += 1) {
    const from = performance.now();
    insert(at);
    tookMs.push(performance.now() - from);
  }
  const perSecond = (count / (performance.now() - started)) * 1000;
  database.close();
  return { perSecond, p50Ms: median(tookMs) };
}

/** What SQLite takes to find the same entries in a table of its own, bodies parsed. */
function querySqlite(path: string, count: number): number {
  const { database, insert } = openTable(path);
  database.exec("BEGIN");
  for (let at = 0; at < count; at += 1) insert(at);
  database.exec("COMMIT");
  const select = database.prepare(
    "SELECT body FROM audit WHERE tool = ? ORDER BY seq DESC LIMIT 100",
  );
  const tookMs: number[] = [];
  for (let at = 0; at < tools; at += 1) {
    const from = performance.now();
    for (const row of select.all(`tool_${at}`)) JSON.parse(String(row["body"]));
    tookMs.push(performance.now() - from);
  }
  database.close();
  return median(tookMs);
}

/** How many bodies of this length can be hashed in a second when nothing else is done: no verifier can be faster. */
function hashRate(bodyBytes: number): number {
  const body = Buffer.alloc(bodyBytes, "a");
  const count = 300_000;
  const started = performance.now();
  for (let at = 0; at < count; at += 1) hash("sha256", body, "base64");
  return (count / (performance.now() - started)) * 1000;
}

async function benchAppend(directory: string): Promise<Row[]> {
  await using log = await openAuditLog({
    directory: join(directory, "append"),
    key,
    origin: "bench",
  });
  await load(64, 20_000, async (at) => await log.append(draft(at)));
  const many = await load(64, 150_000, async (at) => await log.append(draft(at)));
  const one = await load(1, 3000, async (at) => await log.append(draft(at)));
  const sqlite = loadSqlite(join(directory, "peer.sqlite"), 10_000);
  return [
    {
      id: "audit-append",
      what: `durable entries a second from 64 callers (p50 ${many.p50Ms.toFixed(2)} ms)`,
      value: Math.round(many.perSecond),
      unit: "1/s",
      against: `node:sqlite WAL FULL, a transaction each: ${Math.round(sqlite.perSecond)} 1/s`,
      ratio: many.perSecond / sqlite.perSecond,
      promised: ">= 30000, p50 <= 3 ms",
      ok: many.perSecond >= 30_000 && many.p50Ms <= 3,
    },
    {
      id: "audit-one",
      what: "a durable entry of a lone caller, p50",
      value: one.p50Ms,
      unit: "ms",
      against: `node:sqlite WAL FULL, a transaction each: ${sqlite.p50Ms.toFixed(3)} ms`,
      ratio: one.p50Ms / sqlite.p50Ms,
      promised: "<= 1",
      ok: one.p50Ms <= 1,
    },
  ];
}

/** What enqueuing costs its caller, in runs that are as long as what is kept back at most. */
async function benchEnqueue(directory: string): Promise<Row[]> {
  await using log = await openAuditLog({
    directory: join(directory, "enqueue"),
    key,
    origin: "bench",
  });
  const tookMs: number[] = [];
  for (let run = 0; run < 400; run += 1) {
    const drafts = Array.from({ length: 250 }, (_, at) => draft(at));
    for (const entry of drafts) {
      const from = performance.now();
      log.enqueue(entry);
      tookMs.push(performance.now() - from);
    }
    await log.flush();
  }
  const one = await load(1, 1000, async (at) => await log.append(draft(at)));
  const value = median(tookMs) * 1000;
  return [
    {
      id: "audit-enqueue",
      what: "handing over an entry for which nobody waits, p50",
      value,
      unit: "µs",
      against: `waiting until it is durable: ${(one.p50Ms * 1000).toFixed(0)} µs`,
      ratio: value / (one.p50Ms * 1000),
      promised: "<= 2",
      ok: value <= 2,
    },
  ];
}

async function fill(log: AuditLog, count: number): Promise<void> {
  await load(1024, count, async (at) => await log.append(draft(at)));
}

async function benchRead(directory: string): Promise<Row[]> {
  const count = 1_000_000;
  const path = join(directory, "read");
  {
    await using log = await openAuditLog({ directory: path, key, origin: "bench" });
    await fill(log, count);
    await log.tidy();
  }
  return [await benchVerify(path), await benchQuery(path, join(directory, "table.sqlite"))];
}

async function benchVerify(directory: string): Promise<Row> {
  const started = performance.now();
  const report = await verifyLog({ directory, verifiers });
  const perSecond = (report.size / (performance.now() - started)) * 1000;
  const peer = hashRate(600);
  return {
    id: "audit-verify",
    what: `entries verified a second: chain, tree and ${report.checkpoints.verified} checkpoints of ${report.size} entries`,
    value: Math.round(perSecond),
    unit: "1/s",
    against: `hashing bodies of 600 bytes and nothing else: ${Math.round(peer)} 1/s`,
    ratio: perSecond / peer,
    promised: ">= 300000",
    ok: report.isIntact && perSecond >= 300_000,
  };
}

async function benchQuery(directory: string, peerPath: string): Promise<Row> {
  await using index = await openAuditIndex({ directory });
  const started = performance.now();
  const indexed = await index.refresh();
  const indexedMs = performance.now() - started;
  const tookMs: number[] = [];
  for (let at = 0; at < tools; at += 1) {
    const from = performance.now();
    const found = await Array.fromAsync(index.query({ tool: `tool_${at}` }));
    if (found.length !== 100)
      throw new Error(`The query found ${found.length} entries instead of 100.`);
    tookMs.push(performance.now() - from);
  }
  const value = median(tookMs);
  const peerMs = querySqlite(peerPath, indexed);
  return {
    id: "audit-query",
    what: `the last 100 entries of a tool among ${indexed}, bodies and all, p50 (index made in ${Math.round(indexedMs)} ms)`,
    value,
    unit: "ms",
    against: `node:sqlite, a table with the bodies in it and an index: ${peerMs.toFixed(2)} ms`,
    ratio: value / peerMs,
    promised: "<= 20",
    ok: value <= 20,
  };
}

const { values } = parseArgs({ options: { only: { type: "string" } } });
const wanted = values.only?.split(",");
const directory = await mkdtemp(join(tmpdir(), "op-audit-bench-"));
try {
  for (const [ids, run] of [
    [["audit-append", "audit-one"], benchAppend],
    [["audit-enqueue"], benchEnqueue],
    [["audit-verify", "audit-query"], benchRead],
  ] as const) {
    if (wanted !== undefined && !ids.some((id) => wanted.includes(id))) continue;
    for (const row of await run(directory)) {
      if (wanted === undefined || wanted.includes(row.id))
        process.stdout.write(`${JSON.stringify(row)}\n`);
    }
  }
} finally {
  await rm(directory, { recursive: true });
}
