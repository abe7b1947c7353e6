import { defineInterface } from "op-dbus";

/** Frames of the agents' protocol over a bus: each caller that opens it has a conversation of its own. */
export const agentInterface = defineInterface({
  name: "org.dbusmcp.Agent1",
  methods: {
    Open: { in: "", out: "" },
    Write: { in: "ay", out: "", inNames: ["bytes"] },
    /** The agent finishes what is under way, and says that it has left. */
    Close: { in: "", out: "" },
  },
  properties: {
    /** What the agent is and does, as JSON: `{"description":"…","operations":[…]}`. */
    Description: { type: "s", emits: "const" },
  },
  signals: { Said: { type: "ay", names: ["bytes"] }, Left: { type: "" } },
});

/** Where the agent with a name is. */
export function pathOf(name: string): string {
  return `/${name.replaceAll(".", "/").replaceAll("-", "_")}`;
}
