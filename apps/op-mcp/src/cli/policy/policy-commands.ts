import type { CommandSpec } from "../command.ts";

/** The commands that look at the policy. They change nothing. */
export const policyCommands: readonly CommandSpec[] = [
  {
    name: "policy check",
    summary: "Check the policy, of the configuration or in a file, and warn of what looks wrong",
    positionals: [{ name: "FILE", isRequired: false }],
    flags: [],
    examples: ["op-mcp policy check", "op-mcp policy check new-policy.yaml"],
    load: async () => (await import("../commands/policy/check.ts")).runPolicyCheck,
  },
  {
    name: "policy explain",
    summary: "Say what becomes of a call and why, rule by rule",
    positionals: [
      { name: "TOOL", isRequired: true },
      { name: "JSON", isRequired: false },
    ],
    flags: [
      { name: "as", value: "PRINCIPAL", summary: "Who calls; whoever runs this unless told" },
      {
        name: "scope",
        value: "SCOPE",
        isRepeatable: true,
        summary: "A scope that their token grants",
      },
      { name: "client", value: "NAME", summary: "What the client calls itself" },
      {
        name: "risk",
        value: "RISK",
        choices: ["read", "write", "destructive", "privileged"],
        summary: "The call's risk; the tool's unless told",
      },
    ],
    examples: [
      "op-mcp policy explain dbus_act --as unix:uid=1000",
      `op-mcp policy explain file_write '{"path": "/etc/hosts"}' --as oauth:sub=alice --scope ops`,
    ],
    load: async () => (await import("../commands/policy/explain.ts")).runPolicyExplain,
  },
  {
    name: "policy test",
    summary: "Try the policy on a table of examples; fails when one comes out otherwise",
    positionals: [{ name: "FILE", isRequired: true }],
    flags: [],
    examples: ["op-mcp policy test examples.yaml"],
    load: async () => (await import("../commands/policy/test.ts")).runPolicyTest,
  },
];
