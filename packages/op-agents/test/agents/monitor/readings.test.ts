import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { createAlertWatch, type Measure } from "../../../src/agents/monitor/alerts/alert-watch.ts";
import { createRing } from "../../../src/agents/monitor/history/ring.ts";
import { thinOut } from "../../../src/agents/monitor/history/thin-out.ts";
import type { Sample } from "../../../src/agents/monitor/history/sample.ts";
import { mountedFileSystems } from "../../../src/agents/monitor/readings/mounted-file-systems.ts";
import { readPressure } from "../../../src/agents/monitor/readings/read-pressure.ts";
import { readTemperatures } from "../../../src/agents/monitor/readings/read-temperatures.ts";

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "op-agents-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

describe("temperatures", () => {
  it("come from chips, with their labels and limits", () => {
    const sys = folderWith({
      "class/hwmon/hwmon0/name": "coretemp\n",
      "class/hwmon/hwmon0/temp1_input": "51500\n",
      "class/hwmon/hwmon0/temp1_label": "Package id 0\n",
      "class/hwmon/hwmon0/temp1_crit": "100000\n",
      "class/hwmon/hwmon0/temp2_input": "-274000\n",
      "class/hwmon/hwmon1/name": "nvme\n",
      "class/hwmon/hwmon1/temp1_input": "38850\n",
    });
    expect(readTemperatures(sys)).toEqual([
      { sensor: "coretemp Package id 0", celsius: 51.5, criticalCelsius: 100 },
      { sensor: "nvme temp1", celsius: 38.9, criticalCelsius: null },
    ]);
  });

  it("come from zones where there are no chips", () => {
    const sys = folderWith({
      "class/thermal/thermal_zone0/type": "cpu-thermal\n",
      "class/thermal/thermal_zone0/temp": "47000\n",
      "class/thermal/thermal_zone0/trip_point_0_type": "passive\n",
      "class/thermal/thermal_zone0/trip_point_0_temp": "70000\n",
      "class/thermal/thermal_zone0/trip_point_1_type": "critical\n",
      "class/thermal/thermal_zone0/trip_point_1_temp": "95000\n",
    });
    expect(readTemperatures(sys)).toEqual([
      { sensor: "cpu-thermal", celsius: 47, criticalCelsius: 95 },
    ]);
    expect(readTemperatures(folderWith({}))).toEqual([]);
  });
});

describe("pressure", () => {
  it("is read, and null where the kernel does not tell", () => {
    const proc = folderWith({
      "pressure/io":
        "some avg10=1.50 avg60=0.68 avg300=0.84 total=1\nfull avg10=0.10 avg60=0.01 avg300=0.05 total=1\n",
    });
    expect(readPressure(proc)).toEqual({
      cpu: null,
      memory: null,
      io: { some: [1.5, 0.68, 0.84], full: [0.1, 0.01, 0.05] },
    });
  });
});

describe("file systems", () => {
  it("are those of disks, each once, by the shortest place", () => {
    const text = [
      "27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda1 rw,discard",
      "30 27 254:0 /home/x /srv/x ro,relatime - ext4 /dev/vda1 rw,discard",
      "31 27 254:1 / /mnt/my\\040disk rw - xfs /dev/vdb ro",
      "32 27 0:40 / /data rw - btrfs /dev/sdc rw",
      "33 27 0:22 / /proc rw - proc proc rw",
      "34 27 0:23 / /tmp rw - tmpfs tmpfs rw",
      "35 27 0:50 / /net rw - nfs4 server:/x rw",
      "36 27 0:51 / /fuse rw - fuse.sshfs host:/ rw",
      "37 27 7:1 / /snap/x ro - squashfs /dev/loop1 ro",
      "",
    ].join("\n");
    expect(mountedFileSystems(text)).toEqual([
      { mount: "/", device: "/dev/vda1", type: "ext4", isReadOnly: false },
      { mount: "/mnt/my disk", device: "/dev/vdb", type: "xfs", isReadOnly: true },
      { mount: "/data", device: "/dev/sdc", type: "btrfs", isReadOnly: false },
    ]);
  });
});

describe("alerts", () => {
  const at = new Date(0);
  const memory = (value: number): readonly Measure[] => [{ what: "memory", value, threshold: 90 }];

  it("are raised after some looks in a row, and cleared after as many", () => {
    const watch = createAlertWatch(3);
    const kinds = [95, 95, 10, 95, 95, 95, 99, 10, 95, 10, 10, 10, 10].map(
      (value) => watch.take(memory(value), at)[0]?.kind ?? "",
    );
    expect(kinds.join(",")).toBe(",,,,,raised,,,,,,cleared,");
    expect(watch.active()).toEqual([]);
  });

  it("without a threshold are none", () => {
    const watch = createAlertWatch(1);
    expect(watch.take([{ what: "cpu", value: 100, threshold: 0 }], at)).toEqual([]);
    expect(watch.take(memory(90), at)).toEqual([
      { kind: "raised", what: "memory", value: 90, threshold: 90, at: "1970-01-01T00:00:00.000Z" },
    ]);
    expect(watch.active()).toHaveLength(1);
  });
});

describe("the history", () => {
  const sample = (atMs: number): Sample => ({
    atMs,
    cpuPercent: atMs,
    waitingPercent: 0,
    stolenPercent: 0,
    load: 1,
    memoryPercent: 50,
    swapPercent: 0,
    cpuPressure: null,
    memoryPressure: 2,
    ioPressure: 0,
    readBytesPerSecond: 0,
    writtenBytesPerSecond: 0,
  });

  it("keeps the last ones, in order", () => {
    const ring = createRing<number>(3);
    expect(ring.items()).toEqual([]);
    for (const each of [1, 2, 3, 4, 5]) ring.add(each);
    expect(ring.items()).toEqual([3, 4, 5]);
  });

  it("is averaged to as many points as are wanted", () => {
    const samples = Array.from({ length: 10 }, (_, at) => sample(at));
    const thin = thinOut(samples, 4);
    expect(thin.map(({ atMs, cpuPercent }) => [atMs, cpuPercent])).toEqual([
      [2, 1],
      [5, 4],
      [8, 7],
      [9, 9],
    ]);
    expect(thin[0]).toMatchObject({ cpuPressure: null, memoryPressure: 2 });
    expect(thinOut(samples, 10)).toBe(samples);
    expect(thinOut([], 5)).toEqual([]);
  });
});
