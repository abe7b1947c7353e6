import type { CommandSpec } from "../command.ts";
import type { FlagSpec } from "../flags.ts";

const where: readonly FlagSpec[] = [
  { name: "bus", value: "BUS", summary: "system, session, or a host's; the system's unless told" },
  { name: "host", value: "NAME", summary: "Another machine of the configuration" },
];

/** The commands that look at D-Bus, through the same tools, rules and audit log as clients. */
export const dbusCommands: readonly CommandSpec[] = [
  {
    name: "dbus services",
    summary: "List the services of a bus",
    positionals: [{ name: "text", isRequired: false }],
    flags: where,
    examples: ["op-mcp dbus services", "op-mcp dbus services systemd"],
    load: async () => (await import("../commands/dbus/services.ts")).runDBusServices,
  },
  {
    name: "dbus tree",
    summary: "Show the objects of a service by their interfaces",
    positionals: [
      { name: "SERVICE", isRequired: true },
      { name: "INTERFACE", isRequired: false },
    ],
    flags: where,
    examples: ["op-mcp dbus tree org.freedesktop.systemd1 org.freedesktop.systemd1.Timer"],
    load: async () => (await import("../commands/dbus/tree.ts")).runDBusTree,
  },
  {
    name: "dbus describe",
    summary: "Describe a service, an interface or a member, and what it may do",
    positionals: [
      { name: "SERVICE", isRequired: true },
      { name: "INTERFACE", isRequired: false },
      { name: "MEMBER", isRequired: false },
    ],
    flags: where,
    examples: [
      "op-mcp dbus describe org.freedesktop.hostname1",
      "op-mcp dbus describe org.freedesktop.systemd1 org.freedesktop.systemd1.Manager StartUnit",
    ],
    load: async () => (await import("../commands/dbus/describe.ts")).runDBusDescribe,
  },
  {
    name: "dbus call",
    summary: "Call a method",
    positionals: [
      { name: "SERVICE", isRequired: true },
      { name: "INTERFACE", isRequired: true },
      { name: "MEMBER", isRequired: true },
      { name: "JSON", isRequired: false },
    ],
    flags: [
      {
        name: "path",
        value: "PATH",
        summary: "The object; needed where several have the interface",
      },
      ...where,
    ],
    examples: [
      `op-mcp dbus call org.freedesktop.systemd1 org.freedesktop.systemd1.Manager GetUnit '["dbus.service"]'`,
      `op-mcp dbus call org.freedesktop.hostname1 org.freedesktop.hostname1 SetPrettyHostname '{"hostname": "Ada", "interactive": false}'`,
    ],
    load: async () => (await import("../commands/dbus/call.ts")).runDBusCall,
  },
  {
    name: "dbus monitor",
    summary: "Show the signals of a service as they come",
    positionals: [{ name: "SERVICE", isRequired: true }],
    flags: [
      { name: "interface", value: "NAME", summary: "Only signals of this interface" },
      { name: "member", value: "NAME", summary: "Only this signal" },
      { name: "path", value: "PATH", summary: "Only signals of this object" },
      ...where,
    ],
    examples: ["op-mcp dbus monitor org.freedesktop.systemd1 --member JobRemoved"],
    load: async () => (await import("../commands/dbus/monitor.ts")).runDBusMonitor,
  },
];
