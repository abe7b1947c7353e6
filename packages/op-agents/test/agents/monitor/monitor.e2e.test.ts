import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, statfsSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import type { JsonObject } from "op-core";
import { afterAll, describe, expect, it, vi } from "vitest";
import { defineMonitorAgent } from "../../../src/agents/index.ts";
import { MonitorConfig } from "../../../src/config.ts";
import { openAgentPool, openNativeBackend, type TaskRequest } from "../../../src/index.ts";
import { never } from "../../fixtures/pools.ts";

// Each pool starts processes, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const logged: { readonly message: string; readonly fields: unknown }[] = [];
const log = (message: string, fields?: unknown) => logged.push({ message, fields });
const logger = {
  debug: log,
  info: log,
  warn: log,
  error: log,
  child: () => logger,
};
const opened = new AsyncDisposableStack();
afterAll(async () => await opened.disposeAsync());
const backend = opened.use(await openNativeBackend());

async function openMonitor(config: Parameters<typeof MonitorConfig.parse>[0] = {}) {
  const spec = defineMonitorAgent(MonitorConfig.parse(config));
  const pool = opened.use(
    await openAgentPool({ backend, specs: [spec], closeMs: 0, logger }, { signal: never }),
  );
  return async (operation: string, input: JsonObject = {}, more: Partial<TaskRequest> = {}) =>
    (await pool.run(
      { type: "monitor", operation, input, ...more },
      { signal: never },
    )) as JsonObject;
}

const ask = await openMonitor({ intervalMs: 1000 });

describe("get_system_status", () => {
  it("tells how the machine is, as the machine itself does", async () => {
    const status = await ask("get_system_status");
    const [load] = readFileSync("/proc/loadavg", "utf8").split(" ").map(Number);
    expect(status).toMatchObject({
      uptimeSeconds: expect.any(Number),
      cpu: { count: cpus().length, percent: expect.any(Number) },
      memory: { totalBytes: totalmem() },
      processes: { total: expect.any(Number) },
    });
    expect(Math.abs((status["load"] as number[])[0]! - load!)).toBeLessThan(Math.max(3, load!));
    expect((status["processes"] as { total: number }).total).toBeGreaterThan(5);
    const { percent } = status["cpu"] as { percent: number };
    expect(percent).toBeGreaterThanOrEqual(0);
    expect(percent).toBeLessThanOrEqual(100);
  });
});

describe("get_disks", () => {
  it("tells how full the disk is that everything is on", async () => {
    const { fileSystems, traffic } = (await ask("get_disks")) as {
      fileSystems: { mount: string; totalBytes: number }[];
      traffic: { name: string }[];
    };
    const stats = statfsSync("/");
    expect(fileSystems).toContainEqual(
      expect.objectContaining({ mount: "/", totalBytes: stats.blocks * stats.bsize }),
    );
    expect(fileSystems.map(({ mount }) => mount)).not.toContain("/proc");
    expect(traffic.every(({ name }) => !/^[sv]d[a-z]\d/u.test(name))).toBe(true);
  });
});

describe("list_processes", () => {
  it("tells what uses the processors now, with its parents, and hides passwords", async () => {
    const busy = spawn(
      process.execPath,
      ["-e", "for (;;);", "--", "--password", "TOP-SECRET-4711", "--api-token=TOP-SECRET-4711"],
      { stdio: "ignore" },
    );
    try {
      await once(busy, "spawn");
      const { processes } = (await ask("list_processes", { limit: 1000 })) as {
        processes: { pid: number; parent: number; cpuPercent: number; command: string }[];
      };
      const found = processes.find(({ pid }) => pid === busy.pid);
      expect(found).toMatchObject({
        parent: process.pid,
        command: expect.stringContaining("--password *** --api-token=***"),
      });
      expect(found?.cpuPercent).toBeGreaterThan(5);
      expect(JSON.stringify(processes)).not.toContain("TOP-SECRET-4711");
      const shares = processes.map(({ cpuPercent }) => cpuPercent);
      expect(shares).toEqual(shares.toSorted((left, right) => right - left));

      const tree = (await ask("list_processes", { tree: true, limit: 1000 })) as {
        processes: { pid: number; depth: number }[];
      };
      const depthOf = (pid: number | undefined) =>
        tree.processes.find((each) => each.pid === pid)?.depth ?? Number.NaN;
      expect(depthOf(busy.pid)).toBe(depthOf(process.pid) + 1);
      const named = (await ask("list_processes", { name: "api-token=" })) as { total: number };
      expect(named.total).toBe(1);
    } finally {
      busy.kill("SIGKILL");
    }
  });

  it("sorts by what is asked for, and says how many are left out", async () => {
    const answer = (await ask("list_processes", { sort: "memory", limit: 3 })) as {
      processes: { memoryBytes: number }[];
      isComplete: boolean;
      total: number;
    };
    expect(answer.processes).toHaveLength(3);
    expect(answer).toMatchObject({ isComplete: false });
    const sizes = answer.processes.map(({ memoryBytes }) => memoryBytes);
    expect(sizes).toEqual(sizes.toSorted((left, right) => right - left));
  });
});

describe("get_hardware", () => {
  it("tells what the machine is", async () => {
    const hardware = await ask("get_hardware");
    expect(hardware).toMatchObject({
      memoryBytes: totalmem(),
      cpu: { threads: cpus().length, model: cpus()[0]!.model.trim() },
      kernel: { release: expect.stringMatching(/^\d/u) },
    });
    const { name } = hardware["os"] as { name: string };
    expect(readFileSync("/etc/os-release", "utf8")).toContain(name);
    expect(JSON.stringify(hardware)).not.toMatch(/serial/iu);
  });
});

describe("get_load_history and alerts", () => {
  it("remember, raise and report", async () => {
    const watch = await openMonitor({
      intervalMs: 1000,
      times: 1,
      // Every machine uses some memory.
      thresholds: { memoryPercent: 0.1 },
    });
    const seen: unknown[] = [];
    const reported = watch(
      "watch_alerts",
      { durationMs: 4000 },
      { onProgress: (data) => seen.push(data) },
    );
    const raised = expect.objectContaining({ kind: "raised", what: "memory", threshold: 0.1 });
    expect(await reported).toMatchObject({ active: expect.arrayContaining([raised]) });
    expect(await watch("get_system_status")).toMatchObject({
      isHealthy: false,
      alerts: expect.arrayContaining([raised]),
      recentAlerts: expect.arrayContaining([raised]),
    });
    expect(logged.map(({ message }) => message).join("\n")).toContain(
      "memory is over its threshold",
    );
    const history = (await watch("get_load_history")) as { since: string; points: JsonObject[] };
    expect(history.points.length).toBeGreaterThanOrEqual(2);
    expect(history.points[0]).toMatchObject({
      cpuPercent: expect.any(Number),
      memoryPercent: expect.any(Number),
    });
    const thin = (await watch("get_load_history", { points: 1 })) as { points: JsonObject[] };
    expect(thin.points).toHaveLength(1);
  }, 20_000);
});

describe("get_temperatures", () => {
  it("tells what sensors there are", async () => {
    const { temperatures } = (await ask("get_temperatures")) as {
      temperatures: { celsius: number }[];
    };
    for (const { celsius } of temperatures) expect(celsius).toBeGreaterThan(-100);
  });
});
