import { expect, test } from "vitest";
import {
  createAuditKey,
  openAuditIndex,
  replaySession,
  type CallEndedDraft,
  type OpenAuditLogOptions,
  type ReplayedCall,
  type ReplayOptions,
} from "../../src/index.ts";
import { key, openSampleLog, readAll } from "../fixtures/sample-log.ts";
import { makeTempDirectory } from "../fixtures/temp-directory.ts";

function read(requestId: string, more: Partial<CallEndedDraft> = {}): CallEndedDraft {
  return {
    kind: "call-ended",
    sessionId: "s1",
    requestId,
    tool: "unit_status",
    risk: "read",
    outcome: "ok",
    arguments: { unit: `${requestId}.service` },
    result: { state: "active" },
    ...more,
  };
}

/** Writes calls into a log and runs them again. */
async function replay(
  drafts: readonly CallEndedDraft[],
  options: Partial<ReplayOptions> & { readonly log?: Partial<OpenAuditLogOptions> } = {},
): Promise<ReplayedCall[]> {
  await using directory = await makeTempDirectory();
  {
    await using log = await openSampleLog(directory.path, options.log);
    for (const draft of drafts) log.enqueue(draft);
  }
  await using index = await openAuditIndex({ directory: directory.path });
  const entries = index.query({ sessionId: "s1" }, { order: "oldest", limit: Infinity });
  const call = async () => await Promise.resolve({ state: "active" });
  const defaults = { call, mayRun: () => true, digest: key.digest };
  return await Array.fromAsync(replaySession({ ...defaults, ...options, entries }));
}

function told(replayed: readonly ReplayedCall[]): unknown[] {
  return replayed.map(({ verdict, ...more }) => ("reason" in more ? more.reason : verdict));
}

test("runs reads again with their arguments, in order, and compares the results", async () => {
  const calls: unknown[] = [];
  const replayed = await replay([read("a"), read("b"), read("c"), read("d")], {
    call: async (tool, args) => {
      calls.push([tool, args]);
      if (calls.length === 2) return { state: "failed" };
      if (calls.length === 3) throw new Error("no such unit");
      return await Promise.resolve({ state: "active" });
    },
  });
  expect(calls).toEqual(
    ["a", "b", "c", "d"].map((name) => ["unit_status", { unit: `${name}.service` }]),
  );
  expect(replayed).toMatchObject([
    { verdict: "same", step: { tool: "unit_status", outcome: "ok" } },
    { verdict: "differs", result: { state: "failed" } },
    { verdict: "failed", reason: "no such unit" },
    { verdict: "same" },
  ]);
});

test("never runs what is no read, did not end well, may not be run, or is not known exactly", async () => {
  const large = { text: "x".repeat(200) };
  const replayed = await replay(
    [
      read("a", { risk: "write" }),
      read("b", { risk: "privileged" }),
      read("c", { outcome: "refused" }),
      read("d", { arguments: { password: "hunter2" } }),
      read("e", { arguments: large }),
      read("f", { result: undefined }),
      read("g", { tool: "forbidden" }),
      read("h", { arguments: undefined }),
      read("i", { arguments: { text: "[redacted: name]" } }),
    ],
    {
      mayRun: ({ tool }) => tool !== "forbidden",
      log: { maxArgumentsBytes: 100 },
    },
  );
  expect(told(replayed)).toEqual([
    "It is not a read.",
    "It is not a read.",
    "It did not end well: refused.",
    "Its arguments were redacted, so they are not those it had.",
    "Its arguments were too long to be recorded.",
    "Its result was not recorded.",
    "It may not be run again.",
    "same",
    "same",
  ]);
});

test("cannot compare without the key that the log had", async () => {
  const reason = "Its result can be compared only with the key that the log had then.";
  const other = createAuditKey("example/audit").digest;
  expect(told(await replay([read("a")], { digest: other }))).toEqual([reason]);
  expect(told(await replay([read("a")], { digest: (text) => `sha256:${text}` }))).toEqual([reason]);
});

test("takes the arguments from a call's beginning where its end has none, and stops when it is told to", async () => {
  await using directory = await makeTempDirectory();
  {
    await using log = await openSampleLog(directory.path);
    const { arguments: args, ...rest } = read("a");
    await log.append({
      kind: "call-began",
      tool: rest.tool,
      sessionId: "s1",
      requestId: "a",
      arguments: args,
    });
    await log.append(rest);
    await log.append(read("b"));
  }
  const stop = new AbortController();
  const seen: unknown[] = [];
  const running = replaySession({
    entries: await readAll(directory.path),
    mayRun: () => true,
    digest: key.digest,
    signal: stop.signal,
    call: async (_tool, args, { signal }) => {
      seen.push(args);
      if (seen.length === 2) stop.abort(new Error("enough"));
      signal?.throwIfAborted();
      return await Promise.resolve({ state: "active" });
    },
  });
  expect((await running.next()).value).toMatchObject({ verdict: "same" });
  await expect(running.next()).rejects.toThrow("enough");
  expect(seen).toEqual([{ unit: "a.service" }, { unit: "b.service" }]);
});
