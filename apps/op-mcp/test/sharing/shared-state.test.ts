import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createManualClock } from "op-core/testing";
import { createMemorySessionStore } from "op-protocol/http";
import { describe, expect, it } from "vitest";
import { createApprovalCodes } from "../../src/policy/approval-codes.ts";
import { createLimiter } from "../../src/policy/limiter.ts";
import { createMemoryLimits, type LimitStore } from "../../src/policy/limit-store.ts";
import { createOwnState } from "../../src/sharing/shared-state.ts";
import { modernRequest, openHosted, type Hosted } from "../hosting/fixtures/hosted.ts";
import { bob, policyOf } from "../policy/policies.ts";
import { describeSharedState } from "./shared-state-contract.ts";

class Directory implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), "op-mcp-shared-"));

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

function openOwn() {
  const clock = createManualClock();
  const directory = new Directory();
  const shared = createOwnState({ approvalsDirectory: join(directory.path, "approvals"), clock });
  return {
    shared,
    directory,
    elapse: (ms: number) => clock.advance(ms),
    [Symbol.asyncDispose]: async () => {
      await shared[Symbol.asyncDispose]();
      directory[Symbol.dispose]();
    },
  };
}

describeSharedState("what one process keeps for itself", openOwn);

/** A store as one outside of the process is: it takes its time, one step after the other. */
function createFarLimits(near: LimitStore): LimitStore {
  let last: Promise<void> = Promise.resolve();
  return {
    get size() {
      return near.size;
    },
    update: (keys, work) => {
      const step = last.then(() => near.update(keys, work));
      last = step.catch(() => undefined);
      return step;
    },
    [Symbol.dispose]: () => near[Symbol.dispose](),
  };
}

describe("processes that share their state", () => {
  it("hold a caller to one limit, also where the store takes its time", async () => {
    const store = createFarLimits(createMemoryLimits({ clock: createManualClock() }));
    const policy = policyOf({ limits: { callsPerMinute: 3 } });
    const processes = [createLimiter(policy, store), createLimiter(policy, store)];
    const read = { principal: bob, tool: "unit_list", source: "dbus", risk: "read" } as const;
    const calls = [0, 1, 0, 1, 0].map(async (index) => {
      using ticket = await processes[index]?.enter(read, "s1", 10);
      ticket?.leave(10);
      return ticket === undefined ? "nobody" : "in";
    });
    const ended = await Promise.allSettled(calls);
    const refused = ended.filter(({ status }) => status === "rejected");
    expect(refused).toHaveLength(2);
    expect(refused).toMatchObject(
      refused.map(() => ({ reason: { code: "ERR_LIMIT_EXCEEDED", data: { used: 3 } } })),
    );
  });

  it("take each other's approvals, each once", async () => {
    await using place = openOwn();
    const store = place.shared.approvals;
    const clock = createManualClock();
    const [asking, approving, going] = [1, 2, 3].map(() => createApprovalCodes({ store, clock }));
    const call = { callDigest: "call", principalId: bob.id };
    const code = asking?.request({ ...call, summary: "Stop nginx" }).code ?? "";
    approving?.approve(code, "root");
    expect(going?.take(call)).toMatchObject({ by: "root" });
    expect(asking?.take(call)).toBeUndefined();
  });

  it("serve each other's sessions", async () => {
    await using store = createMemorySessionStore();
    await using first = await openHosted({ store });
    await using second = await openHosted({ store, home: first.home });
    const post = async (host: Hosted, body: object, more: Record<string, string> = {}) =>
      await host.fetch("/mcp", {
        method: "POST",
        body: JSON.stringify({ jsonrpc: "2.0", ...body }),
        headers: {
          ...modernRequest("ping").headers,
          "mcp-protocol-version": "2025-11-25",
          authorization: `Bearer ${host.token}`,
          ...more,
        },
      });
    const clientInfo = { name: "moves", version: "1" };
    const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo };
    const hello = await post(first, { id: 1, method: "initialize", params });
    const session = { "mcp-session-id": hello.headers.get("mcp-session-id") ?? "" };
    await post(first, { method: "notifications/initialized" }, session);
    const call = { name: "echo", arguments: { text: "moved" } };
    const answer = await post(second, { id: 2, method: "tools/call", params: call }, session);
    expect(await answer.text()).toContain("moved");
  });
});
