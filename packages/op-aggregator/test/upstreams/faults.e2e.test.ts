import { createTestContext } from "op-tools/testing";
import { readFile } from "node:fs/promises";
import { isOpError, silentLogger, type LogFields } from "op-core";
import { describe, expect, it } from "vitest";
import type { UpstreamConfig, UpstreamSources } from "../../src/index.ts";
import { faultServer } from "../fixtures/fault-server.ts";
import { openRig, scriptServer } from "../fixtures/real-upstreams.ts";

const { signal } = new AbortController();

async function call(
  { tools }: UpstreamSources,
  name: string,
  context = createTestContext(),
): Promise<unknown> {
  const tool = await tools.load(name, { signal });
  const { content } = await tool.call({}, context);
  return content[0]?.type === "text" ? content[0].text : content;
}

async function failureOf(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    (value) => new Error(`it went well: ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  );
  return isOpError(error) ? error.code : String(error);
}

/** A process that nobody has reaped does not run. */
async function isRunning(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return stat !== "" && !/\) [ZX] /u.test(stat);
}

/** One upstream that goes wrong beside one that must not notice. */
async function openPair(mode = "", more: Partial<UpstreamConfig> = {}) {
  const rig = await openRig([
    { name: "bad", transport: scriptServer(faultServer(mode)), connectTimeoutMs: 3000, ...more },
    { name: "good", transport: scriptServer(faultServer()) },
  ]);
  const [bad, good] = rig.aggregator.upstreams as [UpstreamSources, UpstreamSources];
  return { rig, bad, good, [Symbol.asyncDispose]: () => rig[Symbol.asyncDispose]() };
}

describe("an upstream that goes wrong", () => {
  it.each(["die", "bad-result"])(
    "by %s fails that call, and is back with the next one",
    async (fault) => {
      await using pair = await openPair();
      const began = performance.now();
      expect(await call(pair.good, "ok")).toBe("fine");
      const firstStartMs = performance.now() - began;
      expect(await failureOf(call(pair.bad, fault))).toMatch(/ERR_UPSTREAM_(?:CALL_LOST|MESSAGE)/u);
      const started = performance.now();
      expect(await call(pair.bad, "ok")).toBe("fine");
      // Within a second, where the machine is not too busy to start a process in that time.
      expect(performance.now() - started).toBeLessThan(Math.max(1000, 2 * firstStartMs));
      expect(await call(pair.good, "ok")).toBe("fine");
    },
  );

  it("by an answer of 100 MB fails that call without keeping it in memory, and is back", async () => {
    await using pair = await openPair();
    expect(await failureOf(call(pair.bad, "huge"))).toBe("ERR_UPSTREAM_MESSAGE");
    expect(process.memoryUsage().arrayBuffers).toBeLessThan(90 * 1024 * 1024);
    expect(await call(pair.bad, "ok")).toBe("fine");
    expect(await call(pair.good, "ok")).toBe("fine");
  });

  it("by an answer nested 50,000 levels deep fails that call at once, and is back", async () => {
    await using pair = await openPair();
    expect(await failureOf(call(pair.bad, "deep"))).toBe("ERR_UPSTREAM_MESSAGE");
    expect(await call(pair.bad, "ok")).toBe("fine");
    expect(await call(pair.good, "ok")).toBe("fine");
  });

  it.each(["garbage", "wrong-id", "flood", "batch"])(
    "by %s answers all the same",
    async (fault) => {
      await using pair = await openPair();
      expect(await call(pair.bad, fault)).toBe("fine");
      expect(await call(pair.good, "ok")).toBe("fine");
    },
  );

  it("by hanging is given up after its time, and others go on meanwhile", async () => {
    await using pair = await openPair("", { requestTimeoutMs: 300 });
    const hanging = failureOf(call(pair.bad, "hang"));
    expect(await call(pair.good, "ok")).toBe("fine");
    expect(await hanging).toBe("ERR_DEADLINE_EXCEEDED");
    expect(await call(pair.bad, "ok")).toBe("fine");
  });

  it.each(["silent", "deaf", "exit", "old", "circle"])(
    "from its start (%s) lists nothing, says why, and leaves no child",
    async (mode) => {
      await using pair = await openPair(mode, { connectTimeoutMs: 500 });
      const listing = failureOf(Array.fromAsync(pair.bad.tools.list({ signal })));
      expect(await call(pair.good, "ok")).toBe("fine");
      expect(await listing).toMatch(/ERR_UPSTREAM_(?:UNREACHABLE|MESSAGE)/u);
      expect(pair.bad.status.lastError).toMatch(/\S/u);
      await pair.rig.aggregator[Symbol.asyncDispose]();
      expect(pair.rig.childCount).toBe(0);
    },
  );

  it.each([
    ["leaves", "process.exit(1)"],
    ["says nothing", "setInterval(() => undefined, 1000)"],
  ])("that %s while it is connected is quoted with its own last words", async (_what, end) => {
    const script = `
      for (let n = 0; n < 40; n += 1) console.error("line " + n);
      console.error("\\u001b[31mError:\\u001b[0m no \\u0007key s3cr3t-value \\u202e" + "x".repeat(5000));
      process.stderr.write("at its\\nend", () => { ${end} });`;
    const transport = {
      ...scriptServer(script),
      cleanWords: (line: string) => line.replaceAll("s3cr3t-value", "***"),
    } as UpstreamConfig["transport"];
    await using rig = await openRig([{ name: "bad", transport, connectTimeoutMs: 2000 }]);
    const [bad] = rig.aggregator.upstreams as [UpstreamSources];
    const listing: unknown = await Array.fromAsync(bad.tools.list({ signal })).catch(
      (error: unknown) => error,
    );
    if (!isOpError(listing)) throw new Error("it was listed");
    expect(listing.code).toBe("ERR_UPSTREAM_UNREACHABLE");
    expect(listing.message).toMatch(/Its own last words on stderr: .*"Error: no  key \*{3}  x+…"/u);
    const lines = listing.data["stderr"];
    expect(lines).toHaveLength(12);
    expect(lines).toContain("at its");
    expect(lines).toContain("line 39");
    expect(JSON.stringify(lines).length).toBeLessThan(500);
    expect(bad.status.unreachable).toBe(listing.message);
  });

  it("by dying again and again is left alone for a while", async () => {
    await using pair = await openPair();
    for (let count = 0; count < 6; count += 1) await failureOf(call(pair.bad, "die"));
    expect(pair.bad.status.circuit).toBe("open");
    expect(await failureOf(call(pair.bad, "ok"))).toBe("ERR_CIRCUIT_OPEN");
    expect(await call(pair.good, "ok")).toBe("fine");
  });

  it("by one bad schema loses that tool alone", async () => {
    await using pair = await openPair();
    const tools = await Array.fromAsync(pair.bad.tools.list({ signal }));
    expect(tools.map(({ name }) => name)).not.toContain("bad-schema");
    expect(tools.map(({ name }) => name)).toContain("ok");
    expect(pair.bad.status.held).toEqual([
      { tool: "bad-schema", reason: "its inputSchema does not describe an object" },
    ]);
    expect(await failureOf(call(pair.bad, "bad-schema"))).toBe("ERR_UPSTREAM_TOOL_HELD");
  });

  it("takes what it started with it", async () => {
    const pair = await openPair();
    const pid = Number(await call(pair.bad, "grandchild"));
    expect(await isRunning(pid)).toBe(true);
    await pair[Symbol.asyncDispose]();
    expect(await isRunning(pid)).toBe(false);
  });

  it("gets no more calls at a time than it may, and no more a second", async () => {
    await using pair = await openPair("", {
      maxConcurrent: 1,
      maxQueued: 1,
      requestTimeoutMs: 500,
    });
    await call(pair.bad, "ok");
    const calls = [1, 2, 3].map(() => failureOf(call(pair.bad, "hang")));
    expect((await Promise.all(calls)).toSorted()).toEqual([
      "ERR_DEADLINE_EXCEEDED",
      "ERR_DEADLINE_EXCEEDED",
      "ERR_QUEUE_FULL",
    ]);
    await using limited = await openPair("", { callsPerSecond: 0.01 });
    await call(limited.bad, "ok");
    expect(await failureOf(call(limited.bad, "ok"))).toBe("ERR_RATE_LIMITED");
  });
});

describe("what an upstream says beside its answers", () => {
  it("on stderr is in the log under its name", async () => {
    const lines: LogFields[] = [];
    const line = (fields: LogFields) => ({
      ...silentLogger,
      info: (_message: string, more: LogFields = {}) => lines.push({ ...fields, ...more }),
      child: (more: LogFields) => line({ ...fields, ...more }),
    });
    await using rig = await openRig([{ name: "bad", transport: scriptServer(faultServer()) }], {
      logger: line({}),
    });
    await call(rig.aggregator.upstreams[0]!, "log");
    // It comes by a pipe of its own.
    await expect.poll(() => lines).toContainEqual({ upstream: "bad", line: "a line for the log" });
  });

  it("as a log message goes to the client whose call is under way", async () => {
    await using pair = await openPair();
    const seen: unknown[] = [];
    await call(
      pair.bad,
      "flood",
      createTestContext({ logToClient: (level, data) => seen.push([level, data]) }),
    );
    expect(seen[0]).toEqual(["info", 0]);
  });

  it("as a flood of log messages is bounded, and the client told how many it did not get", async () => {
    await using pair = await openPair("", { logMessagesPerSecond: 20 });
    const seen: unknown[] = [];
    const logToClient = (_level: string, data: unknown): void => void seen.push(data);
    expect(await call(pair.bad, "flood", createTestContext({ logToClient }))).toBe("fine");
    const passed = seen.filter((data) => typeof data === "number");
    // A hundred at once, and more only after a second each.
    expect(passed.slice(0, 100)).toEqual([...Array(100).keys()]);
    expect(passed.length).toBeLessThan(5000);
    const counts = seen.flatMap((data) =>
      typeof data === "string" ? [Number(/^Log messages left out: (\d+)$/u.exec(data)?.[1])] : [],
    );
    expect(passed.length + counts.reduce((all, count) => all + count, 0)).toBe(20_000);
    expect(typeof seen.at(-1)).toBe("string");
  });

  it("as a flood of log messages that the client does not want is not told of", async () => {
    await using pair = await openPair();
    const seen: unknown[] = [];
    const logToClient = (level: string): void => void seen.push(level);
    await call(pair.bad, "flood", createTestContext({ logToClient, clientLogLevel: "error" }));
    expect(seen).toEqual([]);
  });

  it("to someone who cannot be asked is refused, and the call goes on", async () => {
    await using pair = await openPair();
    expect(await call(pair.bad, "ask")).toContain("cannot be asked");
  });
});

describe("an upstream whose tools change", () => {
  it("tells it, and the new ones are listed", async () => {
    await using pair = await openPair();
    const changes = pair.bad.tools.changes?.({ signal })[Symbol.asyncIterator]();
    const next = changes?.next();
    await call(pair.bad, "change");
    expect((await next)?.value).toEqual({ kind: "source-reset" });
    const tools = await Array.fromAsync(pair.bad.tools.list({ signal }));
    expect(tools.map(({ name }) => name)).toContain("new");
  });
});
