import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSysctlPlugin } from "../../../src/plugins/index.ts";
import {
  reachAndReturn,
  statePluginContract,
  type PluginHarness,
} from "../../../src/testing/index.ts";
import { openScratch } from "../../scratch.ts";
import { reachesAnyState } from "../reaches-any-state.ts";

const signal = new AbortController().signal;

async function openHarness(): Promise<PluginHarness> {
  const scratch = await openScratch();
  const [forward, range] = ["net/ipv4/ip_forward", "net/ipv4/ip_local_port_range"];
  const paths = [forward, range].map((name) => join(scratch.path, name));
  await mkdir(join(scratch.path, "net/ipv4"), { recursive: true });
  await writeFile(paths[0]!, "0\n");
  await writeFile(paths[1]!, "32768\t60999\n");
  const read = async (path: string) =>
    (await readFile(path, "utf8")).trim().replaceAll(/\s+/gu, " ");
  return {
    plugin: createSysctlPlugin({ root: scratch.path }),
    states: [
      [
        { key: "net.ipv4.ip_forward", desired: { value: 1 } },
        { key: "net/ipv4/ip_local_port_range", desired: { value: "1024  60999" } },
      ],
      [
        { key: "net.ipv4.ip_forward", desired: { value: "0" } },
        { key: "net/ipv4/ip_local_port_range", desired: { value: "1024 2048" } },
      ],
    ],
    look: () => Promise.all(paths.map(read)),
    disturb: () => writeFile(paths[0]!, "7\n"),
    [Symbol.asyncDispose]: () => scratch[Symbol.asyncDispose](),
  };
}

describe("the sysctl plugin", () => {
  it.each(statePluginContract(openHarness))("$name", async ({ check }) => {
    await expect(check()).resolves.toBeUndefined();
  });

  it("reaches any state and returns from it", async () => {
    await using harness = await openHarness();
    const key = fc.constantFrom("net.ipv4.ip_forward", "net/ipv4/ip_local_port_range");
    const value = fc.oneof(fc.integer(), fc.constantFrom("1 2", "1\t 2", " 3 "));
    const states = fc
      .tuple(key, value)
      .map(([name, one]) => [{ key: name, desired: { value: one } }]);
    await expect(reachesAnyState(harness, states, 50)).resolves.toBeUndefined();
  });

  it("says beforehand what the kernel does not know", async () => {
    await using harness = await openHarness();
    const desired = [{ key: "net.ipv4.nonsense", desired: { value: 1 } }];
    const current = await harness.plugin.query(["net.ipv4.nonsense"], { signal });
    const changes = await harness.plugin.diff(desired, current, { signal });
    expect(await harness.plugin.check?.(changes, { signal })).toMatchObject([
      { resource: "sysctl:net.ipv4.nonsense" },
    ]);
  });
});

const real = "/proc/sys/kernel/domainname";

/** NIS is long gone: nobody notices its domain for a moment. */
describe.skipIf(process.geteuid?.() !== 0)("the kernel itself", () => {
  it("takes a value and gives it back", async () => {
    const plugin = createSysctlPlugin();
    const look = () => readFile(real, "utf8");
    const desired = [{ key: "kernel.domainname", desired: { value: "op-state.test" } }];
    await expect(reachAndReturn({ plugin, look }, desired)).resolves.toBeUndefined();
  });

  it("may refuse a value, which then is told", async () => {
    const plugin = createSysctlPlugin();
    const desired = { value: "many" };
    const [change] = await plugin.diff(
      [{ key: "vm.swappiness", desired }],
      await plugin.query(["vm.swappiness"], { signal }),
      { signal },
    );
    const applied = plugin.apply(change!, { signal, progress: () => undefined });
    await expect(applied).rejects.toMatchObject({ code: "ERR_STATE_CHANGE" });
  });
});
