import { arch, cpus, machine, networkInterfaces, release, totalmem, version } from "node:os";
import type { JsonObject } from "op-core";
import { cleanText } from "../../text/clean-text.ts";
import { readKernelFile, readKernelFolder, readKernelNumber } from "./read-kernel-file.ts";

/** What the machine is made of, and what runs it. */
export function readHardware(proc = "/proc", sys = "/sys"): JsonObject {
  return {
    machine: readMachine(sys),
    virtualization: readVirtualization(proc, sys),
    os: readOs(),
    kernel: { release: release(), version: version(), architecture: machine() || arch() },
    cpu: readProcessors(proc, sys),
    memoryBytes: totalmem(),
    disks: readDisks(sys),
    network: readNetwork(sys),
    power: readPower(sys),
  };
}

/** What the firmware calls the machine; serial numbers are not read. */
function readMachine(sys: string): JsonObject {
  const names = [
    "sys_vendor",
    "product_name",
    "product_version",
    "board_name",
    "bios_version",
    "bios_date",
  ];
  const known = names.map((name) => [name, text(`${sys}/class/dmi/id/${name}`)]);
  const model = text("/proc/device-tree/model")?.replaceAll("\0", "");
  return Object.fromEntries(
    [...known, ["model", model]].filter(([, value]) => value !== undefined && value !== ""),
  );
}

function readVirtualization(proc: string, sys: string): JsonObject {
  const isGuest = /^flags\s*:.*\bhypervisor\b/mu.test(readKernelFile(`${proc}/cpuinfo`) ?? "");
  const hypervisor = text(`${sys}/hypervisor/type`);
  return { isGuest: isGuest || hypervisor !== undefined, hypervisor: hypervisor ?? null };
}

function readOs(): JsonObject {
  const release_ = readKernelFile("/etc/os-release") ?? readKernelFile("/usr/lib/os-release") ?? "";
  const value = (name: string) =>
    cleanText(new RegExp(`^${name}="?([^"\\n]*)`, "mu").exec(release_)?.[1] ?? "");
  return {
    name: value("PRETTY_NAME"),
    id: value("ID"),
    version: value("VERSION_ID"),
    like: value("ID_LIKE"),
  };
}

function readProcessors(proc: string, sys: string): JsonObject {
  const info = readKernelFile(`${proc}/cpuinfo`) ?? "";
  const values = (name: string) =>
    Array.from(
      info.matchAll(new RegExp(`^${name}\\s*:\\s*(.*)$`, "gmu")),
      ([, value]) => value ?? "",
    );
  const [flags = ""] = values("flags").concat(values("Features"));
  const caches = readKernelFolder(`${sys}/devices/system/cpu/cpu0/cache`)
    .filter((name) => name.startsWith("index"))
    .map((name) => {
      const read = (file: string) =>
        text(`${sys}/devices/system/cpu/cpu0/cache/${name}/${file}`) ?? "";
      return `L${read("level")} ${read("type")} ${read("size")}`;
    });
  return {
    model: cleanText(cpus()[0]?.model ?? ""),
    threads: cpus().length,
    cores: new Set(
      values("core id").map((core, at) => `${values("physical id")[at] ?? ""}/${core}`),
    ).size,
    sockets: new Set(values("physical id")).size,
    maxMhz: khzToMhz(readKernelNumber(`${sys}/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq`)),
    caches,
    features: ["aes", "avx2", "avx512f", "vmx", "svm", "sha_ni", "asimd"].filter((flag) =>
      flags.split(" ").includes(flag),
    ),
    weaknesses: cleanText(values("bugs")[0] ?? ""),
  };
}

function khzToMhz(khz: number | undefined): number | null {
  return khz === undefined ? null : Math.round(khz / 1000);
}

const unreal = /^(?:loop|ram|zram|dm-|md|nbd|sr|fd)/u;

function readDisks(sys: string): readonly JsonObject[] {
  return readKernelFolder(`${sys}/block`)
    .filter((name) => !unreal.test(name))
    .map((name) => ({
      name,
      model: text(`${sys}/block/${name}/device/model`) ?? null,
      sizeBytes: 512 * (readKernelNumber(`${sys}/block/${name}/size`) ?? 0),
      isRotating: readKernelNumber(`${sys}/block/${name}/queue/rotational`) === 1,
      isRemovable: readKernelNumber(`${sys}/block/${name}/removable`) === 1,
    }));
}

/** Cards, not addresses: those are the network agent's. */
function readNetwork(sys: string): readonly JsonObject[] {
  const names = readKernelFolder(`${sys}/class/net`);
  const known = names.length > 0 ? names : Object.keys(networkInterfaces());
  return known.map((name) => ({
    name,
    state: text(`${sys}/class/net/${name}/operstate`) ?? null,
    megabitsPerSecond: positive(readKernelNumber(`${sys}/class/net/${name}/speed`)),
  }));
}

function positive(value: number | undefined): number | null {
  return value === undefined || value <= 0 ? null : value;
}

function readPower(sys: string): readonly JsonObject[] {
  return readKernelFolder(`${sys}/class/power_supply`).map((name) => ({
    name,
    kind: text(`${sys}/class/power_supply/${name}/type`) ?? null,
    status: text(`${sys}/class/power_supply/${name}/status`) ?? null,
    percent: readKernelNumber(`${sys}/class/power_supply/${name}/capacity`) ?? null,
  }));
}

function text(path: string): string | undefined {
  const found = readKernelFile(path)?.trim();
  return found === undefined ? undefined : cleanText(found);
}
