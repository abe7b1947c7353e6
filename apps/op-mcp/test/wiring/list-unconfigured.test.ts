import { silentLogger, systemClock } from "op-core";
import type { ToolDescriptor, ToolSource } from "op-tools";
import { describe, expect, it } from "vitest";
import { createLazyAgents } from "../../src/agents/lazy-agents.ts";
import { defaultConfig } from "../../src/config/default-config.ts";
import { createLazyProcesses } from "../../src/processes/lazy-processes.ts";
import { createLazyState } from "../../src/state/lazy-state.ts";
import { listUnconfigured } from "../../src/wiring/list-unconfigured.ts";

const clock = systemClock;
const logger = silentLogger;
const { signal } = new AbortController();
const nobody = (): Promise<never> => Promise.reject(new Error("only lists are asked for"));
const buses = [undefined, "unix:path=/run/of-another-machine/bus"];
const { tools, lists } = await listUnconfigured();

function agentsOf(systemBus: string | undefined, hasNetworkManager: boolean): ToolSource {
  const machine = { systemBus, hasNetworkManager, others: undefined, directory: "/nonexistent" };
  return createLazyAgents({
    config: defaultConfig.agents,
    ...machine,
    processes: createLazyProcesses({ clock, logger }),
    bus: { attach: nobody },
    call: nobody,
    onSubmitted: () => undefined,
    clock,
    logger,
  }).tools;
}

function stateOf(systemBusAddress: string | undefined, external = {}): ToolSource {
  return createLazyState({
    config: { ...defaultConfig.state, external },
    directory: "/nonexistent",
    systemBusAddress,
    mayLook: () => true,
    onRecovered: () => undefined,
    processes: createLazyProcesses({ clock, logger }),
    env: {},
    clock,
    logger,
  }).tools;
}

async function knownOf(source: ToolSource): Promise<readonly ToolDescriptor[] | undefined> {
  const places = lists[(await source.fingerprint?.({ signal })) ?? ""];
  return places?.flatMap((place) => tools[place] ?? []);
}

describe("the lists in the bundle", () => {
  it.each(buses.flatMap((bus) => [false, true].map((has) => [bus, has] as const)))(
    "are those of the agents with the system bus %s and NetworkManager %s",
    async (bus, hasNetworkManager) => {
      await using source = agentsOf(bus, hasNetworkManager);
      expect(await knownOf(source)).toEqual(await Array.fromAsync(source.list({ signal })));
    },
  );

  it.each(buses)("are those of declared state with the system bus %s", async (bus) => {
    await using source = stateOf(bus);
    const listed = await Array.fromAsync(source.list({ signal }));
    expect(listed.map(({ name }) => name)).toContain("state_files_diff");
    expect(await knownOf(source)).toEqual(listed);
  });

  it("are not those of a machine where something was added", async () => {
    const mine = { kind: "executable", target: ["/bin/true"] };
    await using source = stateOf(undefined, { mine });
    expect(await knownOf(source)).toBeUndefined();
  });
});
