import { text } from "node:stream/consumers";
import { silentLogger, systemClock } from "op-core";
import { describe, expect, it } from "vitest";
import { createLazyProcesses } from "../../src/processes/lazy-processes.ts";

const { signal } = new AbortController();
const create = () => createLazyProcesses({ clock: systemClock, logger: silentLogger });

describe("the place that starts processes", () => {
  it("is one for all who ask, and ends what was started when it closes", async () => {
    const processes = create();
    const [host, same] = await Promise.all([
      processes.host({ signal }),
      processes.host({ signal }),
    ]);
    expect(same).toBe(host);
    const child = await host.spawn(
      { argv: ["sleep", "1000"], cwd: "/", sandbox: { level: "none" } },
      { signal },
    );
    await processes[Symbol.asyncDispose]();
    expect(await child.exited).toMatchObject({ kind: "killed", reason: "host-closed" });
    expect(host.spawnerPid).toBeUndefined();
  });

  it("closes although nobody asked, or somebody still waits", async () => {
    await create()[Symbol.asyncDispose]();
    const processes = create();
    const waiting = processes.host({ signal }).catch((error: unknown) => error);
    await processes[Symbol.asyncDispose]();
    expect(await waiting).toMatchObject({ code: "ERR_PROCESS_HOST_CLOSED" });
    await expect(processes.host({ signal })).rejects.toMatchObject({
      code: "ERR_PROCESS_HOST_CLOSED",
    });
  });

  it("survives who leaves while it opens", async () => {
    await using processes = create();
    const stop = new AbortController();
    const left = processes.host({ signal: stop.signal });
    stop.abort(new Error("not needed"));
    await expect(left).rejects.toThrow("not needed");
    const host = await processes.host({ signal });
    const child = await host.spawn({ argv: ["echo", "hi"], cwd: "/" }, { signal });
    expect(await text(child.stdout)).toBe("hi\n");
  });
});
