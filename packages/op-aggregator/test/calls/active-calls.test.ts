import { createUpstreamClient } from "op-protocol/client";
import { createTestContext } from "op-tools/testing";
import { describe, expect, it } from "vitest";
import { ActiveCalls } from "../../src/calls/active-calls.ts";

/** A connection that nobody opens. */
function createConnection() {
  return createUpstreamClient({
    name: "up",
    transport: () => Promise.reject(new Error("not opened")),
    clientInfo: { name: "test", version: "1" },
    capabilities: {},
  });
}

describe("whom a message is for that does not say it", () => {
  const [ada, bob] = ["ada", "bob"].map((sessionId) => createTestContext({ sessionId }));
  if (ada === undefined || bob === undefined) throw new Error("there are two");

  it("is told by the connection, where each session has its own", () => {
    const active = new ActiveCalls();
    const [near, far] = [createConnection(), createConnection()];
    active.begin(ada).client = near;
    active.begin(bob).client = far;
    expect(active.onlyOneOn(near)).toBe(ada);
    expect(active.onlyOneOn(far)).toBe(bob);
  });

  it("is nobody where two sessions use it, until one of them is done", () => {
    const active = new ActiveCalls();
    const shared = createConnection();
    const first = active.begin(ada);
    const second = active.begin(bob);
    first.client = shared;
    second.client = shared;
    expect(active.onlyOneOn(shared)).toBeUndefined();
    active.end(first);
    expect(active.onlyOneOn(shared)).toBe(bob);
  });
});
