import { openBusConnection } from "op-dbus";
import { describe, expect, it } from "vitest";
import { createAgentBus, exposeAgents } from "../../src/dbus/index.ts";
import { openAgentPool, openNativeBackend, type AgentPool } from "../../src/index.ts";
import { fixtureSpec, never, openFixturePool } from "../fixtures/pools.ts";
import { openBus } from "./private-bus.ts";

interface Rig extends AsyncDisposable {
  readonly address: string;
  /** Runs the agents, and shows them on the bus. */
  readonly theirs: AgentPool;
  /** Drives what it finds on the bus. */
  readonly ours: AgentPool;
  /** Takes the agents off the bus as a crash would. */
  readonly vanish: () => Promise<void>;
}

async function openRig(): Promise<Rig> {
  await using opened = new AsyncDisposableStack();
  const { address } = opened.use(await openBus());
  const theirs = opened.use(await openFixturePool({ instances: { min: 1, max: 2 } }));
  const theirBus = opened.use(await openBusConnection({ address }));
  opened.use(await exposeAgents({ bus: theirBus, pool: theirs, types: ["fixture"] }));
  const ourBus = opened.use(await openBusConnection({ address }));
  const backend = opened.use(await openNativeBackend());
  const specs = [
    fixtureSpec({
      program: { kind: "bus", name: "org.dbusmcp.Agent.Fixture" },
      restart: { backoff: { initialMs: 1, maxMs: 50, factor: 1, jitter: 0 }, maxRetries: 0 },
    }),
  ];
  const settings = { backend, bus: createAgentBus(ourBus), specs, closeMs: 0 };
  const ours = opened.use(await openAgentPool(settings, { signal: never }));
  const owned = opened.move();
  return {
    address,
    theirs,
    ours,
    vanish: async () => await theirBus[Symbol.asyncDispose](),
    [Symbol.asyncDispose]: async () => await owned.disposeAsync(),
  };
}

const task = (operation: string, input: string | number | null) => ({
  type: "fixture",
  operation,
  input,
});

describe("an agent on a bus", { timeout: 60_000 }, () => {
  it("does tasks for another process as an own one does", async () => {
    await using rig = await openRig();
    const { ours, theirs } = rig;
    expect(await ours.run(task("echo", "over the bus"), { signal: never })).toBe("over the bus");
    expect(ours.agents).toMatchObject([{ processId: "org.dbusmcp.Agent.Fixture" }]);
    const [done] = theirs.list({ status: "done" });
    expect(done?.principal).toMatch(/^dbus::1\.\d+$/u);
    const large = "x".repeat(1_000_000);
    expect(await ours.run(task("echo", large), { signal: never })).toBe(large);
    expect(await ours.checkHealth({ signal: never })).toEqual({ healthy: 1, unhealthy: [] });
  });

  it("passes progress on, hears that a task is cancelled, and says why it refuses one", async () => {
    await using rig = await openRig();
    const { ours, theirs } = rig;
    const seen: unknown[] = [];
    const onProgress = (data: unknown) => void seen.push(data);
    await ours.run({ ...task("count", 20), onProgress }, { signal: never });
    expect(seen).toEqual(Array.from({ length: 20 }, (_, at) => at));
    const begun = Promise.withResolvers<unknown>();
    const hanging = ours.submit({ ...task("hang", null), onProgress: begun.resolve });
    await begun.promise;
    hanging.cancel("not needed");
    expect(await ours.run(task("echo", 1), { signal: never })).toBe(1);
    expect(theirs.list({ status: "cancelled" })).toHaveLength(1);
    await expect(ours.run(task("refuse", null), { signal: never })).rejects.toMatchObject({
      message: "It does not want to.",
      data: { reason: "ERR_NO" },
    });
  });

  it("that vanishes fails its task, and is not there for the next", async () => {
    await using rig = await openRig();
    const { ours, vanish } = rig;
    const begun = Promise.withResolvers<unknown>();
    const hanging = ours.submit({ ...task("deaf", null), onProgress: begun.resolve });
    await begun.promise;
    await vanish();
    expect(await hanging.outcome).toMatchObject({ error: { code: "ERR_AGENT_DIED" } });
    await expect(ours.run(task("echo", 1), { signal: never })).rejects.toMatchObject({
      code: "ERR_AGENT_UNAVAILABLE",
    });
  });

  it("shows out who breaks the protocol, and goes on for everybody else", async () => {
    await using rig = await openRig();
    const { ours, theirs, address } = rig;
    await using rude = await openBusConnection({ address });
    const at = { destination: "org.dbusmcp.Agent.Fixture", path: "/org/dbusmcp/Agent/Fixture" };
    const rule = { sender: at.destination, interface: "org.dbusmcp.Agent1", member: "Left" };
    for (const bytes of [Buffer.from("\x00\x00\x00\x01?"), Buffer.from("\x7f\x00\x00\x00")]) {
      await using left = await rude.subscribe(rule);
      await rude.call({ ...at, interface: rule.interface, member: "Open" });
      await rude.call({
        ...at,
        interface: rule.interface,
        member: "Write",
        signature: "ay",
        body: [bytes],
      });
      expect((await left.next()).value?.member).toBe("Left");
    }
    expect(await ours.run(task("echo", 1), { signal: never })).toBe(1);
    expect(theirs.list()).toHaveLength(1);
  });

  it("gives up the tasks of a caller that is gone", async () => {
    await using rig = await openRig();
    const { ours, theirs } = rig;
    const begun = Promise.withResolvers<unknown>();
    ours.submit({ ...task("hang", null), onProgress: begun.resolve });
    await begun.promise;
    const [theirTask] = theirs.list({ status: "running" });
    await ours[Symbol.asyncDispose]();
    expect((await theirs.find(theirTask?.id ?? "")?.outcome)?.kind).toBe("cancelled");
  });
});
