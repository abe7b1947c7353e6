import { openBusConnection, type BusConnection } from "op-dbus";
import { silentLogger, type LogFields, type Logger } from "op-core";
import { createTestContext } from "op-tools/testing";
import { describe, expect, it, vi } from "vitest";
import {
  createAgentBus,
  exposeAgents,
  openFoundAgents,
  type ExposedAgents,
} from "../../src/dbus/index.ts";
import { openAgentPool, openNativeBackend, type AgentSpec } from "../../src/index.ts";
import { createAgentSource } from "../../src/tools/index.ts";
import { fixtureSpec, never } from "../fixtures/pools.ts";
import { openBus } from "./private-bus.ts";

const nobodyAsks = () => Promise.reject(new Error("nobody asks here"));

const names = ["org.dbusmcp.Agent.*"];

/** Shows an agent that answers who it is and what it was asked. */
async function show(address: string, spec: AgentSpec): Promise<AsyncDisposable> {
  await using opened = new AsyncDisposableStack();
  const bus = opened.use(await openBusConnection({ address }));
  const pool: ExposedAgents = {
    specs: [spec],
    run: async ({ operation, input }) => await Promise.resolve({ operation, input }),
  };
  opened.use(await exposeAgents({ bus, pool, types: [spec.type] }));
  const owned = opened.move();
  return { [Symbol.asyncDispose]: async () => await owned.disposeAsync() };
}

function describeLike(type: string, operations: readonly string[], risk: "read" | "write") {
  return fixtureSpec({
    type,
    operations: operations.map((name) => ({
      name,
      description: `It can \u001B[31m${name}\u202E.`,
      inputSchema: { type: "object" },
      isIdempotent: true,
      risk,
    })),
  });
}

interface Finding {
  readonly names?: readonly string[];
  readonly leastRisk?: "read" | "privileged";
  readonly logger?: Logger;
}

async function find(bus: BusConnection, how: Finding = {}) {
  const defaults = { names, leastRisk: "read", logger: silentLogger } as const;
  return await openFoundAgents({ ...defaults, ...how, bus }, { signal: never });
}

const typesOf = (specs: readonly AgentSpec[]) => specs.map(({ type }) => type).toSorted();

describe("agents on a bus are found", { timeout: 60_000 }, () => {
  it("when they are there, come and go; only those that may be, and never oneself", async () => {
    await using daemon = await openBus();
    const { address } = daemon;
    await using bus = await openBusConnection({ address });
    await using _own = await exposeAgents({
      bus,
      pool: { specs: [describeLike("own", ["do"], "read")], run: nobodyAsks },
      types: ["own"],
    });
    await using _one = await show(address, describeLike("one", ["do"], "read"));
    await using found = await find(bus);
    await using few = await find(bus, { names: ["org.dbusmcp.Agent.Two"] });
    const current = async (of = found) => typesOf(await of.current({ signal: never }));
    expect(await current()).toEqual(["one"]);
    const stop = new AbortController();
    const changes = found.changes({ signal: stop.signal })[Symbol.asyncIterator]();
    const came = changes.next();
    const two = await show(address, describeLike("two", ["do"], "read"));
    await came;
    expect(await current()).toEqual(["one", "two"]);
    await vi.waitFor(async () => expect(await current(few)).toEqual(["two"]), {
      timeout: 10_000,
    });
    const left = changes.next();
    await two[Symbol.asyncDispose]();
    await left;
    expect(await current()).toEqual(["one"]);
    stop.abort();
  });

  it("with what they say of themselves, cleaned, and never with less risk than is allowed", async () => {
    await using daemon = await openBus();
    await using bus = await openBusConnection(daemon);
    await using _one = await show(daemon.address, describeLike("one", ["do"], "write"));
    await using found = await find(bus, { leastRisk: "privileged" });
    expect(await found.current({ signal: never })).toMatchObject([
      {
        type: "one",
        program: { kind: "bus", name: "org.dbusmcp.Agent.One" },
        instances: { min: 0, max: 1 },
        operations: [{ name: "do", description: "It can \uFFFD[31mdo\uFFFD.", risk: "privileged" }],
      },
    ]);
  });

  it("and are not offered when they say something else than before, or nothing", async () => {
    await using daemon = await openBus();
    const { address } = daemon;
    const warned: (LogFields | undefined)[] = [];
    const logger: Logger = { ...silentLogger, warn: (_, fields) => void warned.push(fields) };
    await using bus = await openBusConnection({ address });
    await using mute = await openBusConnection({ address });
    await mute.requestName("org.dbusmcp.Agent.Mute");
    const first = await show(address, describeLike("one", ["do"], "read"));
    await using found = await find(bus, { logger });
    expect(warned).toMatchObject([{ name: "org.dbusmcp.Agent.Mute" }]);
    await first[Symbol.asyncDispose]();
    await using _other = await show(address, describeLike("one", ["do", "undo"], "read"));
    await vi.waitFor(() => expect(warned).toMatchObject([{}, { name: "org.dbusmcp.Agent.One" }]), {
      timeout: 10_000,
    });
    expect(await found.current({ signal: never })).toEqual([]);
  });

  it("and driven as tools, in the pool of the others, while they are there", async () => {
    await using daemon = await openBus();
    const { address } = daemon;
    await using bus = await openBusConnection({ address });
    await using found = await find(bus);
    await using backend = await openNativeBackend();
    const specs = [fixtureSpec({ instances: { min: 0, max: 1 } })];
    const pools: Awaited<ReturnType<typeof openAgentPool>>[] = [];
    await using source = createAgentSource({
      specs,
      found,
      maxAgents: 5,
      call: nobodyAsks,
      openPool: async ({ signal }) => {
        const pool = await openAgentPool(
          { backend, bus: createAgentBus(bus), specs, startsWith: "first-task", closeMs: 0 },
          { signal },
        );
        pools.push(pool);
        return pool;
      },
    });
    const list = async () =>
      (await Array.fromAsync(source.list({ signal: never }))).map(({ name }) => name);
    const before = await list();
    const stop = new AbortController();
    const changes = source.changes?.({ signal: stop.signal })[Symbol.asyncIterator]();
    const came = changes?.next();
    // It would be list_agents, and then somebody else's tool; it stays what it was.
    const spec = describeLike("list", ["do", "list_agents"], "read");
    const shown = await show(address, spec);
    expect((await came)?.value).toEqual({ kind: "source-reset" });
    expect(await list()).toEqual([...before, "list_do"]);
    const request = { type: "list", operation: "do", input: { a: 1 } };
    const tool = await source.load("list_do", { signal: never });
    expect(await tool.call({ a: 1 }, createTestContext())).toMatchObject({
      content: [{ text: JSON.stringify({ operation: "do", input: { a: 1 } }) }],
    });
    const [pool] = pools;
    expect(pool?.types.map(({ type }) => type)).toEqual(["fixture", "list"]);
    const left = changes?.next();
    await shown[Symbol.asyncDispose]();
    await left;
    expect(await list()).toEqual(before);
    expect(() => pool?.submit(request)).toThrow("list");
    stop.abort();
  });
});
