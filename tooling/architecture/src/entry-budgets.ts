/** What importing an entry may pull in. */
export interface EntryBudget {
  /** The most modules that are loaded, with everything they import. */
  readonly modules: number;
  /** Node's modules that start processes or open sockets, each with the reason. */
  readonly builtins: Readonly<Record<string, string>>;
}

/**
 * Node's modules by which something leaves the process. An entry that loads one of them is listed below with the
 * reason, because whoever imports it for something else pays for it and must trust it.
 */
export const watchedBuiltins: readonly string[] = [
  "child_process",
  "cluster",
  "dgram",
  "http",
  "http2",
  "https",
  "inspector",
  "net",
  "sqlite",
  "tls",
  "worker_threads",
];

/** What an entry without a line of its own may do: start nothing, and load few modules. */
export const defaultEntryBudget: EntryBudget = { modules: 64, builtins: {} };

/** Entries that need more. */
export const entryBudgets: Readonly<Record<string, EntryBudget>> = {
  // zod alone is some ninety modules.
  "op-tools": { modules: 220, builtins: {} },
  "op-tools/config": { modules: 130, builtins: {} },
  "op-tools/define": { modules: 130, builtins: {} },
  "op-audit": {
    modules: 200,
    builtins: { sqlite: "the index is a database, and its locks keep a second writer out" },
  },
  "op-audit/writer": {
    modules: 65,
    builtins: { sqlite: "its locks keep a second writer out" },
  },
  "op-audit/sinks": {
    modules: 140,
    builtins: {
      dgram: "syslog over UDP",
      net: "syslog and the journal are reached over sockets",
      tls: "syslog over TLS",
    },
  },
  "op-aggregator/config": { modules: 130, builtins: {} },
  "op-dbus/config": { modules: 130, builtins: {} },
  "op-dbus": { modules: 110, builtins: { net: "a bus is reached over a socket" } },
  "op-dbus/dbus-next": {
    modules: 150,
    builtins: { net: "a bus is reached over a socket, dbus-next's own" },
  },
  "op-state": { modules: 140, builtins: {} },
  // Plugins are many small files; the app loads them with the first tool that needs one.
  "op-state/dbus": { modules: 300, builtins: { net: "a bus is reached over a socket" } },
  "op-state/plugins": { modules: 180, builtins: {} },
  "op-state/remote": { modules: 130, builtins: {} },
  "op-state/config": { modules: 130, builtins: {} },
  // op-tools is most of them.
  "op-state/tools": { modules: 260, builtins: {} },
  "op-process": {
    modules: 70,
    builtins: {
      child_process: "starts the spawner, and tries the sandbox out",
      net: "the streams of children come over a socket",
    },
  },
  "op-process/spawner": {
    modules: 66,
    builtins: {
      child_process: "starts children",
      net: "hands their streams over a socket",
    },
  },
  "op-agents": {
    modules: 110,
    builtins: {
      child_process: "op-process starts agents",
      net: "the streams of agents come over a socket",
    },
  },
  // Each agent is described beside what it does, which no host runs.
  "op-agents/agents": {
    modules: 220,
    builtins: {
      child_process: "op-process starts its spawner",
      net: "op-process hands streams over sockets",
    },
  },
  // op-dbus is most of them.
  "op-agents/dbus": { modules: 200, builtins: { net: "a bus is reached over a socket" } },
  "op-agents/config": { modules: 130, builtins: {} },
  // op-tools and zod are most of them.
  "op-agents/tools": { modules: 300, builtins: {} },
  // op-tools is most of them; what speaks with a bus is loaded with its first use.
  "op-dbus/tools": { modules: 110, builtins: {} },
  // op-tools is most of them.
  "op-aggregator": {
    modules: 190,
    builtins: { net: "stdin that is a pipe is read as a socket, by openStandardInput" },
  },
  "op-aggregator/import": { modules: 110, builtins: {} },
  "op-protocol": {
    modules: 260,
    builtins: { net: "stdin that is a pipe is read as a socket, by openStandardInput" },
  },
  // The SDK with its schemas.
  "op-protocol/oauth": { modules: 160, builtins: {} },
};
