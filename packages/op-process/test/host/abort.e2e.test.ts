import { describe, expect, test } from "vitest";
import { openProcessHost } from "../../src/index.ts";
import { openDeathWatch } from "../fixtures/death-watch.ts";
import { openRig, rigs } from "../fixtures/rigs.ts";
import { never, runScript } from "../fixtures/run-child.ts";

describe.each(rigs)("aborting at level $name", (rig) => {
  test("while it starts: rejects with the reason or kills what has started, and nothing is left", async () => {
    using watch = openDeathWatch();
    await using host = await openRig(rig);
    const spec = {
      argv: ["/bin/sh", "-c", `exec 9>${watch.path}; echo >&9; sleep 1000`],
      cwd: "/",
      sandbox: { level: rig.level, writable: [watch.folder] },
    } as const;
    const running = await host.spawn(spec, { signal: never });
    await watch.lines(1);
    const reason = new Error("changed my mind");
    const controllers = Array.from({ length: 8 }, () => new AbortController());
    const starts = controllers.map(async ({ signal }) => await host.spawn(spec, { signal }));
    const outcomes = Promise.allSettled(starts);
    // At once, then a turn later each: before the order, on its way, and while the child starts.
    for (const controller of controllers) {
      controller.abort(reason);
      await new Promise((resolve) => void setImmediate(resolve));
    }
    const [first, ...later] = await outcomes;
    expect(first).toMatchObject({ reason });
    // On a busy machine a child may run before its turn to be given up has come.
    const ends = later.map(async (outcome): Promise<unknown> => {
      if (outcome.status === "rejected") return outcome.reason;
      const status = await outcome.value.exited;
      return status.kind === "killed" && status.reason === "abort" ? reason : status;
    });
    expect(await Promise.all(ends)).toEqual(later.map(() => reason));
    expect(host.children).toEqual([running]);
    await running.kill({ graceMs: 0 });
    await watch.ended;
  });

  test("while it runs: it is killed", async () => {
    await using host = await openRig(rig);
    const controller = new AbortController();
    const child = await host.spawn(
      { argv: ["sleep", "1000"], cwd: "/", sandbox: { level: rig.level } },
      { signal: controller.signal },
    );
    controller.abort();
    expect(await child.exited).toMatchObject({ kind: "killed", reason: "abort" });
  });
});

test("a signal that has aborted starts nothing, and does not harm the host", async () => {
  await expect(openProcessHost({ signal: AbortSignal.abort() })).rejects.toThrow("aborted");
  await using host = await openProcessHost();
  const spec = { argv: ["true"], cwd: "/" } as const;
  await expect(host.spawn(spec, { signal: AbortSignal.abort() })).rejects.toThrow("aborted");
  expect((await runScript(host, "echo fine")).stdout).toBe("fine\n");
});
