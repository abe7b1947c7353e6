import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { lstat, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createMountsPlugin } from "../../../src/plugins/dbus.ts";
import type { DesiredValue } from "../../../src/index.ts";
import {
  reach,
  reachAndReturn,
  statePluginContract,
  type PluginHarness,
} from "../../../src/testing/index.ts";
import { missingSystemd, openRig, type Rig } from "../../rig.ts";
import { openScratch } from "../../scratch.ts";
import { reachesAnyState } from "../reaches-any-state.ts";

const execute = promisify(execFile);
const signal = new AbortController().signal;

/** A disk: a file that the kernel shows as a device, with a file system, in the machine too. */
async function openDisk(rig: Rig): Promise<AsyncDisposable & { readonly device: string }> {
  await using stack = new AsyncDisposableStack();
  const { path } = stack.use(await openScratch());
  const image = join(path, "disk");
  await writeFile(image, "");
  await truncate(image, 16 * 2 ** 20);
  await execute("mkfs.ext4", ["-q", image]);
  const device = (await execute("losetup", ["--find", "--show", image])).stdout.trim();
  stack.defer(async () => {
    await execute("losetup", ["--detach", device]);
  });
  const { rdev } = await lstat(device);
  await rig.run("mknod", device, "b", String(rdev >> 8), String(rdev & 0xff));
  const rest = stack.move();
  return { device, [Symbol.asyncDispose]: () => rest.disposeAsync() };
}

describe.skipIf(missingSystemd !== undefined)("mounts of a real machine", () => {
  const stack = new AsyncDisposableStack();
  let rig: Rig;
  let device: string;

  beforeAll(async () => {
    rig = stack.use(await openRig());
    ({ device } = stack.use(await openDisk(rig)));
    // The disk is let go of before the machine ends.
    stack.defer(async () => {
      await rig.run("sh", "-c", `umount --all-targets ${device} || true`);
    });
  }, 60_000);

  afterAll(() => stack.disposeAsync(), 60_000);

  let serial = 0;

  async function look(targets: readonly string[]) {
    const mounted = await readFile(join(rig.root, "proc/1/mountinfo"), "utf8");
    const shown = mounted.split("\n").flatMap((line) => {
      const words = line.split(" ");
      return targets.includes(words[4] ?? "") ? [words.slice(4).join(" ")] : [];
    });
    const folders = targets.map(async (target) => {
      const found = lstat(join(rig.root, target));
      return found.then(
        ({ mode }) => mode,
        () => 0,
      );
    });
    return {
      // The kernel counts who else sees a mount.
      shown: shown.map((line) => line.replace(/ shared:\d+/u, "")).toSorted(),
      fstab: await readFile(join(rig.root, "etc/fstab"), "utf8"),
      folders: await Promise.all(folders),
    };
  }

  async function openHarness(): Promise<
    PluginHarness & { readonly disk: string; readonly memory: string }
  > {
    serial += 1;
    const [disk, memory] = [`/srv/disk ${serial}`, `/srv/memory-${serial}`];
    await writeFile(join(rig.root, "etc/fstab"), "# by hand\n\nproc /proc proc defaults 0 0\n");
    const tmpfs = { source: "tmpfs", type: "tmpfs" };
    return {
      disk,
      memory,
      plugin: createMountsPlugin(rig),
      states: [
        [
          { key: disk, desired: { source: device, type: "ext4", options: ["noexec"], pass: 2 } },
          { key: memory, desired: { ...tmpfs, options: ["size=1m", "nosuid"] } },
        ],
        [
          { key: disk, desired: { options: ["ro", "nodev"] } },
          { key: memory, desired: { mounted: false } },
        ],
        [
          { key: disk, desired: null },
          { key: memory, desired: { mounted: true } },
        ],
      ],
      look: () => look([disk, memory]),
      disturb: async () => {
        await rig.run("mount", "-o", "remount,exec", disk);
      },
      [Symbol.asyncDispose]: async () => {
        await writeFile(join(rig.root, "etc/fstab"), "");
        await rig.run("systemctl", "daemon-reload");
        await rig.run("sh", "-c", `umount "${disk}"; umount "${memory}"; true`);
      },
    };
  }

  it.each(statePluginContract(openHarness))("$name", { timeout: 60_000 }, async ({ check }) => {
    await expect(check()).resolves.toBeUndefined();
  });

  it("reach any state and return from it", { timeout: 60_000 }, async () => {
    await using harness = await openHarness();
    const option = fc.constantFrom("noexec", "nosuid", "ro", "size=2m");
    const value = fc.record(
      { options: fc.uniqueArray(option, { minLength: 1 }), mounted: fc.boolean() },
      { requiredKeys: [] },
    );
    const desired = fc.option(
      value.map((rest) => ({ source: "tmpfs", type: "tmpfs", ...rest })),
      { nil: null },
    );
    const states = desired.map((one) => [{ key: harness.memory, desired: one }]);
    await expect(reachesAnyState(harness, states, 12)).resolves.toBeUndefined();
  });

  it("keep what is on a disk, and come back when nobody wrote them down", async () => {
    await using harness = await openHarness();
    await rig.run("mkdir", harness.disk);
    await rig.run("mount", "-o", "nosuid", device, harness.disk);
    await rig.run("sh", "-c", `echo kept > "${harness.disk}/file"`);
    const absent = [{ key: harness.disk, desired: null }];
    await expect(reachAndReturn(harness, absent)).resolves.toBeUndefined();
    expect(await rig.run("cat", `${harness.disk}/file`)).toBe("kept\n");
  });

  async function problemsOf({ plugin }: PluginHarness, desired: DesiredValue) {
    const current = await plugin.query([desired.key], { signal });
    const changes = await plugin.diff([desired], current, { signal });
    return (await plugin.check?.(changes, { signal }))?.map(({ reason }) => reason);
  }

  it("are not unmounted while somebody uses them, and who does is said", async () => {
    await using harness = await openHarness();
    await reach(harness.plugin, [harness.states[0]![1]!]);
    const { memory: key } = harness;
    const unmounted = { key, desired: { mounted: false } };
    const current = await harness.plugin.query([key], { signal });
    const [change] = await harness.plugin.diff([unmounted], current, { signal });
    const inside = `cd "${key}" && echo there && exec sleep 1000`;
    const words = ["nsenter", "--target", rig.pid, "--all", "--", "sh", "-c", inside] as const;
    const [program, ...args] = words;
    const user = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
    const ended = once(user, "exit");
    await once(user.stdout, "data");
    expect(await problemsOf(harness, unmounted)).toEqual([
      expect.stringMatching(/^it is used by (?:sh|sleep) \(\d+\): end that first\.$/u),
    ]);
    const applied = harness.plugin.apply(change!, { signal, progress: () => undefined });
    await expect(applied).rejects.toThrow(/could not be unmounted\. It is used by \w+ \(\d+\)/u);
    await rig.run("sh", "-c", "kill $(pidof sleep)");
    await ended;
    await expect(reach(harness.plugin, [unmounted])).resolves.toBeUndefined();
  }, 60_000);

  it("are refused beforehand where they cannot be", async () => {
    await using harness = await openHarness();
    const tmpfs = { source: "tmpfs", type: "tmpfs" };
    const cases = [
      ["/srv/x", {}, "declare its source and its type."],
      ["/srv/x", { source: "/dev/none", type: "ext4" }, "there is no /dev/none."],
      ["/etc/hostname", tmpfs, "it is no folder, so nothing can be mounted there."],
    ] as const;
    for (const [key, desired, reason] of cases) {
      expect(await problemsOf(harness, { key, desired })).toEqual([reason]);
    }
  });

  it("that fail are told with where to look", async () => {
    await using harness = await openHarness();
    const desired = { source: device, type: "vfat" };
    const reached = reach(harness.plugin, [{ key: harness.disk, desired }]);
    await expect(reached).rejects.toMatchObject({
      code: "ERR_STATE_CHANGE",
      message: expect.stringContaining("could not be mounted"),
    });
  });
});
