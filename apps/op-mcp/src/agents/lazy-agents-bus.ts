import type { AgentBus, FoundAgents } from "op-agents";
import { sleep, type Clock, type Logger } from "op-core";
import type { FoundBuses } from "../dbus/find-buses.ts";
import { FirstUse } from "../lazy/first-use.ts";
import { AgentBusError } from "./agent-bus-error.ts";
import type { AgentsSettings } from "./agents-settings.ts";
import type { AgentsBus, ShowAgentsOptions } from "./open-agents-bus.ts";

/** What the bus of agents takes. */
export interface AgentsBusOptions extends FoundBuses {
  readonly config: AgentsSettings;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The bus of agents, which is connected to when one is wanted there. Disposing ends what is shown, and the connection. */
export interface LazyAgentsBus extends AsyncDisposable {
  readonly found: AgentBus;
  /** Those of others that are found there, where any may be. */
  readonly others: FoundAgents | undefined;
  /** Shows agents from now on, or from when that is possible; what is in the way is logged. */
  show(options: Omit<ShowAgentsOptions, "config" | "logger">): AsyncDisposable;
}

/** How long to wait before the bus is tried again: it may come, or another op-mcp that has the names may leave. */
const againMs = 10_000;

/** Makes it; nothing is loaded or connected to yet. */
export function createLazyAgentsBus(options: AgentsBusOptions): LazyAgentsBus {
  const { config, clock, logger } = options;
  const { bus } = config.dbus;
  const address = bus === "system" ? options.systemBusAddress : options.sessionBusAddress;
  const closing = new AbortController();
  const { signal } = closing;
  const connection = new FirstUse(async () => {
    if (address === undefined) throw new AgentBusError(bus);
    const { openAgentsBus } = await import("./open-agents-bus.ts");
    return await openAgentsBus({ address, clock, logger, signal });
  });
  return {
    found: { attach: async (name, how) => await (await connection.get()).found.attach(name, how) },
    others: config.dbus.find.names.length === 0 ? undefined : findOthers(connection, options),
    show: (how) => keepShowing(connection, { config, clock, logger, how }),
    [Symbol.asyncDispose]: async () => {
      closing.abort();
      await (await connection.opened())?.[Symbol.asyncDispose]();
    },
  };
}

/** Without a bus there are none, until there is one. */
function findOthers(
  connection: FirstUse<AgentsBus>,
  { config, clock, logger }: AgentsBusOptions,
): FoundAgents {
  const others = new FirstUse(async () => await (await connection.get()).find(config));
  let isMissed = false;
  const find = async (): Promise<FoundAgents | undefined> => {
    try {
      return await others.get();
    } catch (error) {
      logger[isMissed ? "debug" : "warn"]("agents can't be found on the bus yet", { error });
      isMissed = true;
      return undefined;
    }
  };
  return {
    current: async (how) => (await (await find())?.current(how)) ?? [],
    changes: async function* changes({ signal }) {
      let found = await find();
      const hadToWait = found === undefined;
      while (found === undefined && !signal.aborted) {
        await sleep(againMs, { clock, signal }).catch(() => undefined);
        found = await find();
      }
      if (found === undefined) return;
      if (hadToWait) yield;
      yield* found.changes({ signal });
    },
  };
}

interface Showing extends Pick<AgentsBusOptions, "config" | "clock" | "logger"> {
  readonly how: Omit<ShowAgentsOptions, "config" | "logger">;
}

function keepShowing(
  connection: FirstUse<AgentsBus>,
  { config, clock, logger, how }: Showing,
): AsyncDisposable {
  const leaving = new AbortController();
  const { signal } = leaving;
  const show = async (): Promise<AsyncDisposable | undefined> => {
    for (let isFirst = true; !signal.aborted; isFirst = false) {
      try {
        return await (await connection.get()).show({ ...how, config, logger });
      } catch (error) {
        logger[isFirst ? "warn" : "debug"]("agents can't be shown on the bus yet", { error });
      }
      await sleep(againMs, { clock, signal }).catch(() => undefined);
    }
    return undefined;
  };
  const shown = show();
  return {
    [Symbol.asyncDispose]: async () => {
      leaving.abort();
      await (await shown)?.[Symbol.asyncDispose]();
    },
  };
}
