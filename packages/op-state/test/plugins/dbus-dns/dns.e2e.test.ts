import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDnsPlugin } from "../../../src/plugins/dbus.ts";
import type { DesiredValue } from "../../../src/index.ts";
import { reach, statePluginContract, type PluginHarness } from "../../../src/testing/index.ts";
import { missingSystemd, openRig, type Rig } from "../../rig.ts";
import { reachesAnyState } from "../reaches-any-state.ts";

const signal = new AbortController().signal;
const key = "link/op0";
const folder = "etc/systemd/resolved.conf.d";

describe.skipIf(missingSystemd !== undefined)("names of a real machine", () => {
  const stack = new AsyncDisposableStack();
  let rig: Rig;

  beforeAll(async () => {
    rig = stack.use(await openRig());
  }, 60_000);

  afterAll(() => stack.disposeAsync(), 60_000);

  it("are not looked at in a way that starts the service", async () => {
    await rig.run("systemctl", "stop", "systemd-resolved");
    const plugin = createDnsPlugin(rig);
    const current = await plugin.query(["global"], { signal });
    expect(current.get("global")?.value).toBeNull();
    const desired = [{ key: "global", desired: { dnssec: "yes" } }];
    const changes = await plugin.diff(desired, current, { signal });
    expect(await plugin.check?.(changes, { signal })).toEqual([
      {
        resource: "dns:global",
        reason: "systemd-resolved.service does not run: declare it active.",
        solvedBy: ["units:systemd-resolved.service"],
      },
    ]);
    expect(await rig.run("systemctl", "show", "-P", "ActiveState", "systemd-resolved")).toBe(
      "inactive\n",
    );
  });

  async function look() {
    const path = join(rig.root, folder, "90-op-state.conf");
    return {
      status: (await rig.run("resolvectl", "status"))
        .split("\n")
        .map((line) => line.trim())
        // What happens to be used now is no setting.
        .filter((line) => !/Current (?:Scopes|DNS Server)/u.test(line)),
      file: await readFile(path, "utf8").catch(() => "none"),
    };
  }

  async function openHarness(): Promise<PluginHarness> {
    await rig.run("sh", "-c", "ip link del op0 2>/dev/null; ip link add op0 type veth peer op1");
    await rig.run("sh", "-c", "ip link set op0 up; ip link set op1 up");
    await rm(join(rig.root, folder), { recursive: true, force: true });
    await rig.run("systemctl", "reset-failed");
    await rig.run("systemctl", "restart", "systemd-resolved");
    return {
      plugin: createDnsPlugin(rig),
      states: [
        [
          {
            key: "global",
            desired: {
              servers: ["9.9.9.9#dns.quad9.net", "2620:00fe::fe", "[2620:fe::9]:5353"],
              domains: ["example.net", "~."],
              dnssec: "allow-downgrade",
            },
          },
          {
            key,
            desired: {
              servers: ["10.9.0.53", "[fd00::53]:853#dns.corp.test"],
              domains: ["corp.test.", "~10.in-addr.arpa"],
              dnsOverTls: "opportunistic",
              defaultRoute: false,
            },
          },
        ],
        [
          { key: "global", desired: { servers: ["1.1.1.1"], dnsOverTls: "yes", llmnr: "no" } },
          { key, desired: { servers: [], domains: [], dnssec: "yes", multicastDns: "no" } },
        ],
      ],
      look,
      disturb: async () => {
        await rig.run("resolvectl", "dns", "op0", "192.0.2.1");
      },
      [Symbol.asyncDispose]: async () => undefined,
    };
  }

  it.each(statePluginContract(openHarness))("$name", { timeout: 60_000 }, async ({ check }) => {
    await expect(check()).resolves.toBeUndefined();
  });

  it("reach any state and return from it", { timeout: 60_000 }, async () => {
    await using harness = await openHarness();
    const list = (...values: readonly string[]) => fc.uniqueArray(fc.constantFrom(...values));
    const value = fc.record(
      {
        servers: list("9.9.9.9", "fd00::1", "10.0.0.1:5353#x.test"),
        domains: list("a.test", "~b.test", "~."),
        dnssec: fc.constantFrom("yes", "no", "allow-downgrade"),
        dnsOverTls: fc.constantFrom("no", "opportunistic"),
        llmnr: fc.constantFrom("yes", "no", "resolve"),
        defaultRoute: fc.boolean(),
      },
      { requiredKeys: [] },
    );
    const states = value.map((desired) => [{ key, desired }]);
    await expect(reachesAnyState(harness, states, 12)).resolves.toBeUndefined();
  });

  async function problemsOf({ plugin }: PluginHarness, desired: DesiredValue) {
    const current = await plugin.query([desired.key], { signal });
    const changes = await plugin.diff([desired], current, { signal });
    return (await plugin.check?.(changes, { signal }))?.map(({ reason }) => reason);
  }

  it("are refused beforehand where they cannot be", async () => {
    await using harness = await openHarness();
    const cases = [
      ["link/none", { servers: ["9.9.9.9"] }, "there is no such link."],
      ["global", { servers: ["999.1.1.1"] }, "999.1.1.1 is no address."],
      ["global", { servers: [] }, "there is always a server: without one, those of"],
      ["global", { defaultRoute: true }, "only links have a default route."],
    ] as const;
    for (const [name, desired, reason] of cases) {
      const found = await problemsOf(harness, { key: name, desired: { ...desired } });
      expect(found).toEqual([expect.stringContaining(reason)]);
    }
  });

  it("say when another file decides", async () => {
    await using harness = await openHarness();
    await mkdir(join(rig.root, folder), { recursive: true });
    await writeFile(join(rig.root, folder, "99-last.conf"), "[Resolve]\nDNSSEC=no\n");
    const reached = reach(harness.plugin, [{ key: "global", desired: { dnssec: "yes" } }]);
    await expect(reached).rejects.toThrow("another file decides about dnssec.");
  });
});
