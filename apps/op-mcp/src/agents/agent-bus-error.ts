import { OpError } from "op-core";

/** Agents on a bus that is not there. */
export class AgentBusError extends OpError {
  static readonly code = "ERR_AGENT_BUS";
  static readonly meaning =
    "Agents are configured on a bus that this machine or user does not have.";
  readonly code = AgentBusError.code;

  constructor(bus: "session" | "system") {
    super(`There is no ${bus} bus for agents.`, {
      advice:
        bus === "session"
          ? "Start op-mcp where DBUS_SESSION_BUS_ADDRESS is set, or set agents.dbus.bus to system."
          : "Start the system bus, or set DBUS_SYSTEM_BUS_ADDRESS to where it is.",
      data: { bus },
    });
  }
}
