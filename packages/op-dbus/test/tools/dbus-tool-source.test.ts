import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLogger } from "op-core";
import { createManualClock, type ManualClock } from "op-core/testing";
import { textResult, type Tool } from "op-tools";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DBusToolSource } from "../../src/tools/dbus-tool-source.ts";
import { takeChanges } from "../fixtures/open-dbus-source.ts";

const { signal } = new AbortController();

function toolOf(name: string): Tool {
  return {
    name,
    description: name,
    inputSchema: { type: "object" },
    annotations: {},
    category: "dbus",
    tags: [],
    source: "dbus",
    risk: "read",
    call: () => Promise.resolve(textResult(name)),
  };
}

let clock: ManualClock;
let directory: string;
let stack: AsyncDisposableStack;
/** What the buses have, and how often they were looked at. */
let bus: { tools: readonly string[]; unreachable: readonly string[]; looks: number };

beforeEach(async () => {
  stack = new AsyncDisposableStack();
  clock = createManualClock();
  directory = await mkdtemp(join(tmpdir(), "op-dbus-source-"));
  bus = { tools: ["one"], unreachable: [], looks: 0 };
});

afterEach(async () => {
  await stack.disposeAsync();
  await rm(directory, { recursive: true, force: true });
  if (clock.pendingTimers > 0) throw new Error("the source left a timer behind");
});

function open(followAfterMs = 5000): DBusToolSource {
  const source = new DBusToolSource({
    name: "dbus",
    metaTools: () => Promise.resolve([toolOf("dbus_read")]),
    collect: () => {
      bus.looks += 1;
      const tools = new Map(bus.tools.map((name) => [name, toolOf(name)]));
      return Promise.resolve({ tools, unreachable: bus.unreachable });
    },
    basis: "test",
    stampFile: join(directory, "stamp"),
    followAfterMs,
    clock,
    logger: silentLogger,
  });
  return stack.use(source);
}

async function namesOf(source: DBusToolSource): Promise<readonly string[]> {
  const tools = await Array.fromAsync(source.list({ signal }));
  return tools.map(({ name }) => name);
}

function changesOf(source: DBusToolSource) {
  return source.changes({ signal })[Symbol.asyncIterator]();
}

describe("the tools of buses", () => {
  it("are looked at once for many changes, and told of only where they differ", async () => {
    const source = open();
    const changes = changesOf(source);
    const first = takeChanges(changes, 2);
    await expect(namesOf(source)).resolves.toEqual(["dbus_read", "one"]);
    for (let times = 0; times < 10; times += 1) source.notice();
    await clock.advance(500);
    expect(bus.looks).toBe(2);
    bus.tools = ["two"];
    source.notice();
    await clock.advance(500);
    await expect(first).resolves.toEqual(["tool-removed one", "tool-added two"]);
    expect(bus.looks).toBe(3);
  });

  it("are not looked at while what an earlier run listed is still known", async () => {
    const before = await open().fingerprint({ signal });
    expect(bus.looks).toBe(1);
    const source = open();
    await expect(source.fingerprint({ signal })).resolves.toBe(before);
    expect(bus.looks).toBe(1);
  });

  it("are listed anew where they differ from what an earlier run listed", async () => {
    await open().fingerprint({ signal });
    bus.tools = ["one", "two"];
    const source = open();
    const before = await source.fingerprint({ signal });
    const first = takeChanges(changesOf(source), 1);
    await clock.advance(4999);
    expect(bus.looks).toBe(1);
    await clock.advance(1);
    await expect(first).resolves.toEqual(["source-reset"]);
    await expect(source.fingerprint({ signal })).resolves.not.toBe(before);
  });

  it("are waited for while their bus cannot be reached, and keep their fingerprint meanwhile", async () => {
    const before = await open().fingerprint({ signal });
    bus = { tools: [], unreachable: ["system"], looks: 0 };
    const source = open();
    await expect(source.fingerprint({ signal })).resolves.toBe(before);
    const first = takeChanges(changesOf(source), 1);
    await clock.advance(5000);
    await expect(source.fingerprint({ signal })).resolves.toBe(before);
    bus = { tools: ["two"], unreachable: [], looks: 1 };
    await clock.advance(60_000);
    await expect(first).resolves.toEqual(["source-reset"]);
    expect(bus.looks).toBe(2);
  });

  it("wait for their first use where nobody is to follow them before", async () => {
    const source = open(0);
    const changes = changesOf(source);
    const next = changes.next();
    await clock.advance(1_000_000);
    expect(bus.looks).toBe(0);
    await expect(source.load("one", { signal })).resolves.toMatchObject({ name: "one" });
    expect(bus.looks).toBe(1);
    await source[Symbol.asyncDispose]();
    await expect(next).resolves.toMatchObject({ done: true });
  });

  it("are offered although what they were made of cannot be kept", async () => {
    await writeFile(join(directory, "file"), "");
    const source = open();
    await rm(directory, { recursive: true });
    await writeFile(directory, "in the way");
    await expect(namesOf(source)).resolves.toEqual(["dbus_read", "one"]);
  });
});
