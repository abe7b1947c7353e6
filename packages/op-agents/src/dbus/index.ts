/** Agents on D-Bus: those that others run, driven like one's own, and one's own, shown to others. Needs op-dbus. */
export { createAgentBus } from "./create-agent-bus.ts";
export { exposeAgents, type ExposeAgentsOptions, type ExposedAgents } from "./expose-agents.ts";
export { openFoundAgents, type FindAgentsOptions } from "./find-agents.ts";
