import { createTestContext } from "op-tools/testing";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AgentTaskError } from "op-agents";
import { silentLogger, systemClock, type JsonObject } from "op-core";
import { readEntries, type AuditEntry } from "op-audit";
import {
  ApprovalDeclinedError,
  CallSuspendedError,
  compileChain,
  textResult,
  type ToolContext,
  type ToolDescriptor,
  type ToolResult,
} from "op-tools";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { auditCalls } from "../../src/audit/audit-calls.ts";
import { createAudit, type Audit } from "../../src/audit/audit.ts";
import { placeOf } from "../../src/audit/audit-places.ts";
import { AuditSettings } from "../../src/audit/audit-settings.ts";
import { createCallTrails } from "../../src/audit/call-trail.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "op-mcp-audit-"));
});
afterEach(() => {
  rmSync(home, { recursive: true });
});

const root = (): string => join(home, "audit");

function openAudit(more: Partial<AuditSettings> = {}): Audit {
  const settings = { ...AuditSettings.parse({}), ...more };
  const places = { root: root(), keyPath: join(home, "keys", "audit.pem") };
  return createAudit({ settings, places, clock: systemClock, logger: silentLogger });
}

function descriptor(more: Partial<ToolDescriptor> = {}): ToolDescriptor {
  return {
    name: "echo",
    description: "",
    inputSchema: { type: "object" },
    annotations: {},
    category: "test",
    tags: [],
    source: "test",
    risk: "read",
    ...more,
  };
}

function contextOf(more: Partial<ToolContext> = {}): ToolContext {
  return createTestContext({
    requestId: "s1:1",
    principal: { id: "unix:uid=7", scopes: [] },
    sessionId: "s1",
    client: { name: "tester", version: "1" },
    meta: { traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" },
    ...more,
  });
}

const saidByAgent = (code: string) => new AgentTaskError({ code, message: "It says hunter2." });

interface Run {
  readonly tool?: Partial<ToolDescriptor>;
  readonly args?: JsonObject;
  readonly context?: Partial<ToolContext>;
  readonly answer?: () => Promise<ToolResult>;
  readonly settings?: Partial<AuditSettings>;
}

async function run(audit: Audit, { tool, args = {}, context, answer, settings }: Run) {
  const middleware = auditCalls({
    audit,
    settings: { ...AuditSettings.parse({}), ...settings },
    trails: createCallTrails(),
    clock: systemClock,
    priorities: { end: 10, begin: 110 },
  });
  const real = descriptor(tool);
  const chain = compileChain(middleware, real, answer ?? (() => Promise.resolve(textResult("hi"))));
  return await chain({ tool: real, args, context: contextOf(context) });
}

/** The entries about calls, without what the log says of itself. */
async function entriesOf(number = 1): Promise<AuditEntry[]> {
  const entries: AuditEntry[] = [];
  for await (const entry of readEntries(placeOf(root(), number))) {
    if (entry.kind !== "event" || !entry.event.startsWith("log-")) entries.push(entry);
  }
  return entries;
}

describe("a call", () => {
  it("that reads leaves one entry: who, what, how it ended, and nothing of the answer", async () => {
    {
      await using audit = openAudit();
      await run(audit, { args: { text: "x", password: "hunter2" } });
    }
    const [entry, ...others] = await entriesOf();
    expect(others).toEqual([]);
    expect(entry).toMatchObject({
      kind: "call-ended",
      principal: "unix:uid=7",
      client: { name: "tester", version: "1" },
      sessionId: "s1",
      requestId: "s1:1",
      traceId: "0af7651916cd43dd8448eb211c80319c",
      tool: "echo",
      source: "test",
      risk: "read",
      outcome: "ok",
    });
    expect(JSON.stringify(entry)).not.toMatch(/hunter2|"hi"/);
  });

  it("that may change something has its beginning on the disk before it runs", async () => {
    await using audit = openAudit();
    let before: AuditEntry[] = [];
    const answer = async () => {
      before = await entriesOf();
      return textResult("done");
    };
    await run(audit, { tool: { risk: "write" }, answer });
    expect(before.map(({ kind }) => kind)).toEqual(["call-began"]);
    expect((await entriesOf()).map(({ kind }) => kind)).toEqual(["call-began", "call-ended"]);
  });

  it.each([
    ["refused", () => new ApprovalDeclinedError("echo", "decline"), "ERR_APPROVAL_DECLINED"],
    ["failed", () => new TypeError("a secret hunter2"), "ERR_INTERNAL"],
    ["refused", () => saidByAgent("ERR_COMMAND_REFUSED"), "ERR_COMMAND_REFUSED"],
    ["refused", () => saidByAgent("ERR_PLACE_REFUSED"), "ERR_PLACE_REFUSED"],
    ["failed", () => saidByAgent("ERR_UNIT_JOB"), "ERR_AGENT_TASK"],
  ] as const)("that %s is told from one that worked", async (outcome, makeError, errorCode) => {
    {
      await using audit = openAudit();
      const error = makeError();
      await expect(run(audit, { answer: () => Promise.reject(error) })).rejects.toBe(error);
    }
    expect(await entriesOf()).toMatchObject([{ kind: "call-ended", outcome, errorCode }]);
    expect(JSON.stringify(await entriesOf())).not.toContain("hunter2");
  });

  it("that was cancelled is told so", async () => {
    const controller = new AbortController();
    {
      await using audit = openAudit();
      const answer = () => {
        controller.abort();
        return Promise.reject(new Error("gone"));
      };
      await run(audit, { answer, context: { signal: controller.signal } }).catch(() => undefined);
    }
    expect(await entriesOf()).toMatchObject([{ outcome: "cancelled" }]);
  });

  it("that waits for an answer is a question, not an end", async () => {
    {
      await using audit = openAudit();
      const error = new CallSuspendedError("approval", {});
      await run(audit, { answer: () => Promise.reject(error) }).catch(() => undefined);
    }
    expect(await entriesOf()).toMatchObject([{ kind: "event", event: "approval-asked" }]);
  });

  it("that another tool passed on names both, and is one entry", async () => {
    {
      await using audit = openAudit();
      const middleware = auditCalls({
        audit,
        settings: AuditSettings.parse({}),
        trails: createCallTrails(),
        clock: systemClock,
        priorities: { end: 10, begin: 110 },
      });
      const inner = descriptor();
      const outer = descriptor({ name: "call_tool", source: "builtin" });
      const innerChain = compileChain(middleware, inner, async () => textResult("hi"));
      const outerChain = compileChain(middleware, outer, ({ context }) =>
        innerChain({ tool: inner, args: {}, context: { ...context, via: "call_tool" } }),
      );
      await outerChain({ tool: outer, args: { name: "echo" }, context: contextOf() });
    }
    expect(await entriesOf()).toMatchObject([{ tool: "echo", via: "call_tool" }]);
  });

  it("of several at once has an entry, and the one around them says only how many they were", async () => {
    const read = { name: "echo", arguments: { token: "hunter2" } };
    const tool = { name: "call_many_readonly", source: "builtin" };
    {
      await using audit = openAudit();
      await run(audit, { context: { via: "call_many_readonly", requestId: "s1:1.1" } });
      await run(audit, { tool, args: { calls: [read] } });
    }
    const entries = await entriesOf();
    expect(entries).toMatchObject([
      { tool: "echo", via: "call_many_readonly", requestId: "s1:1.1" },
      { tool: "call_many_readonly", requestId: "s1:1" },
    ]);
    expect(JSON.stringify(entries)).not.toContain("hunter2");
  });
});

describe("while the log cannot be written", () => {
  it("calls that may change something are refused, before they run; those that read go on", async () => {
    writeFileSync(root(), "no directory");
    await using audit = openAudit();
    let runs = 0;
    const answer = async () => {
      runs += 1;
      return textResult("ran");
    };
    await expect(run(audit, { tool: { risk: "write" }, answer })).rejects.toMatchObject({
      code: "ERR_AUDIT_UNAVAILABLE",
    });
    expect(runs).toBe(0);
    expect(await run(audit, { answer })).toEqual(textResult("ran"));
    expect(audit.status()).toMatchObject({ status: "unavailable" });
  });

  it("everything is refused, or nothing, where that is configured", async () => {
    writeFileSync(root(), "no directory");
    await using audit = openAudit();
    const strict = { whenUnavailable: "refuse", waitFor: "everything" } as const;
    await expect(run(audit, { settings: strict })).rejects.toMatchObject({
      code: "ERR_AUDIT_UNAVAILABLE",
    });
    const lax = { whenUnavailable: "continue" } as const;
    expect(await run(audit, { tool: { risk: "write" }, settings: lax })).toEqual(textResult("hi"));
  });
});

it("two op-mcp at the same time each write a log of their own", async () => {
  {
    await using first = openAudit();
    await using second = openAudit();
    await first.open();
    await run(second, {});
    await run(first, { tool: { name: "other" } });
  }
  expect(await entriesOf(1)).toMatchObject([{ tool: "other" }]);
  expect(await entriesOf(2)).toMatchObject([{ tool: "echo" }]);
});
