import { randomUUID } from "node:crypto";
import { agentsFromConfig, type AgentSurroundings } from "op-agents/agents";
import { createAgentBus, exposeAgents, openFoundAgents } from "op-agents/dbus";
import { runByTool } from "op-agents/tools";
import type { AgentBus, FoundAgents } from "op-agents";
import type { Clock, Logger } from "op-core";
import { openBusConnection, type BusConnection } from "op-dbus";
import { AskUnavailableError, type ToolContext } from "op-tools";
import type { AgentsSettings } from "./agents-settings.ts";
import type { OpenAgentsOptions } from "./open-agents.ts";

/** What a connection to the bus of agents takes. */
export interface OpenAgentsBusOptions {
  readonly address: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** What showing agents takes. */
export interface ShowAgentsOptions extends AgentSurroundings {
  readonly config: AgentsSettings;
  readonly call: OpenAgentsOptions["call"];
  readonly logger: Logger;
}

/** The bus on which agents of others are found, and own ones are shown. Disposing closes the connection. */
export interface AgentsBus extends AsyncDisposable {
  readonly found: AgentBus;
  /** Follows which agents there are; the connection closes it. */
  find(config: AgentsSettings): Promise<FoundAgents>;
  /** Shows the configured types to others until that is disposed. */
  show(options: ShowAgentsOptions): Promise<AsyncDisposable>;
}

/** Connects to the bus. */
export async function openAgentsBus(options: OpenAgentsBusOptions): Promise<AgentsBus> {
  const { logger, signal } = options;
  await using opened = new AsyncDisposableStack();
  const bus = opened.use(await openBusConnection(options));
  const owned = opened.move();
  return {
    found: createAgentBus(bus),
    find: async ({ dbus }) =>
      owned.use(await openFoundAgents({ ...dbus.find, bus, logger }, { signal })),
    show: async (how) => await showAgents(bus, how),
    [Symbol.asyncDispose]: async () => await owned.disposeAsync(),
  };
}

async function showAgents(
  bus: BusConnection,
  { config, call, logger, ...surroundings }: ShowAgentsOptions,
): Promise<AsyncDisposable> {
  const specs = agentsFromConfig(config, surroundings);
  // What is on a bus already is not shown there a second time.
  const own = specs.filter(({ program }) => program.kind !== "bus");
  const types = config.dbus.expose;
  const unknown = types.filter((type) => own.every((spec) => spec.type !== type));
  if (unknown.length > 0) {
    logger.warn("agents that are to be shown on the bus do not exist", { types: unknown });
  }
  return await exposeAgents({
    bus,
    types,
    pool: {
      specs: own,
      run: async (request, { signal, caller }) => {
        const context: ToolContext = {
          ...(await describeCaller(bus, caller, { signal, logger })),
          reportProgress: ({ progress, message = "" }) =>
            request.onProgress?.({ progress, message }),
        };
        return await runByTool(request, { specs: own, call, context });
      },
    },
  });
}

interface CallerOptions {
  readonly signal: AbortSignal;
  readonly logger: Logger;
}

/** A caller is the user behind it, whom the bus vouches for; nobody can be asked over it. */
async function describeCaller(
  bus: BusConnection,
  caller: string,
  { signal, logger }: CallerOptions,
): Promise<ToolContext> {
  const requestId = randomUUID();
  return {
    signal,
    requestId,
    principal: { id: `unix:uid=${await findUser(bus, caller, signal)}`, scopes: [] },
    sessionId: `dbus:${caller}`,
    transport: "dbus",
    logger: logger.child({ requestId }),
    ask: ({ message }) => Promise.reject(new AskUnavailableError(message)),
    reportProgress: () => undefined,
    logToClient: () => undefined,
    meta: {},
  };
}

const busName = "org.freedesktop.DBus";

async function findUser(bus: BusConnection, caller: string, signal: AbortSignal): Promise<number> {
  const member = "GetConnectionUnixUser";
  const asked = { destination: busName, path: "/org/freedesktop/DBus", interface: busName, member };
  const { body } = await bus.call({ ...asked, signature: "s", body: [caller] }, { signal });
  const [user] = body;
  if (typeof user !== "number") throw new TypeError("the bus did not say who a caller is");
  return user;
}
