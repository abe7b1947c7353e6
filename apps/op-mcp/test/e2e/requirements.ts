/** What a user of the binary may rely on. Every id is cited by at least one test of this folder. */
export const requirements = {
  "stdio.handshake": "a client of the handshake era initialises, lists and calls",
  "stdio.stateless": "a client of the stateless era discovers, lists and calls",
  "stdio.v1-client": "a client on the SDK's first version works",
  "stdio.inspector":
    "the official inspector lists and calls in both eras, and its strict check passes",
  "stdio.stdout-is-protocol": "stdout carries nothing but messages, whatever a plugin prints",
  "stdio.malformed": "unreadable input is answered with an error and the next request works",
  "stdio.leaves-on-eof":
    "the end of stdin ends the process at once, after the answers to what came before",
  "stdio.leaves-on-signal":
    "SIGTERM and SIGHUP end the process at once, also with a call in flight",
  "stdio.leaves-on-epipe": "a client that stops reading ends the process",
  "stdio.leaves-when-orphaned":
    "the death of the parent ends the process although stdin stays open",
  "agents.commands":
    "a command runs in a sandboxed agent, its output streams, and what is refused says why",
  "agents.files":
    "files are read, searched, written and deleted in permitted folders, and nowhere else",
  "agents.projects": "a project is made, and git keeps its versions",
  "agents.monitor": "the machine tells how it is and what it is made of",
  "agents.tasks": "tasks are distributed, followed and cancelled through tools",
  "agents.systemd": "on a real systemd, the whole list of the agent for systemd is done",
  "agents.network": "on a machine of its own, the whole list of the agent for the network is done",
  "agents.direct":
    "what an agent can't do is done by op-mcp itself where that is possible, and the answer says so",
  "agents.audit": "the audit log says which agent did what a call asked for, and where",
  "agents.nothing-left": "nothing of an agent is left when the server ends, killed by -9 included",
  "agents.cli":
    "the command line lists agents, gives them work, and shows those of running servers and what they said",
  "agents.bus":
    "agents of others are driven over a bus, and own ones are shown there under the same policy and audit, where that is configured",
  "agents.listed":
    "the tools that matter to most are listed although all others have to be searched",
  "agents.lazy": "no process is started before the first task",
  "upstreams.everything":
    "tools, resources, prompts, completion, progress and questions of other servers come through, over stdio and HTTP, in both eras",
  "upstreams.lossless":
    "whatever a server says comes through as it said it, what no revision knows included, over stdio and HTTP, in both eras",
  "upstreams.conformance":
    "a server of the handshake era passes the official conformance suites of both eras through op-mcp",
  "upstreams.names": "equal names are told apart the same way in every run, and by a prefix",
  "upstreams.hang": "a server that hangs delays nobody, and is said to be missing",
  "upstreams.lazy":
    "what is known is listed without starting a server, and the first call starts it",
  "upstreams.rules":
    "tools of a server are renamed, hidden, described anew and given arguments, risks and hints, by pattern",
  "upstreams.profiles":
    "a profile has servers, tools, names and arguments of its own, at its own URL",
  "upstreams.live-profiles":
    "profiles come, change and go while op-mcp runs, and their clients are told",
  "upstreams.roots": "a server is told the folders of the client whose call it works on",
  "upstreams.files":
    "what a server does with files is allowed, asked about, refused and logged like everything else",
  "upstreams.idle": "a server that nobody uses is ended, and started again by the next call",
  "upstreams.nothing-left": "no server is left when op-mcp ends, killed by -9 included",
  "upstreams.cli": "servers are added, tried, looked at, switched and taken out from the shell",
  "many.call-many":
    "calls made together are decided, limited and audited each as if it were made alone",
  "upstreams.missing":
    "the status says which tools are missing and why, and others are not kept waiting",
  "upstreams.running":
    "the command line shows how servers are for the op-mcp that runs, and connects where none does",
  "upstreams.values": "values from secrets stand where a server's configuration names them",
  "upstreams.import": "what other clients have configured is taken over, and given back",
  "upstreams.pins": "a tool that changed unannounced is held back and shown",
  "upstreams.oauth":
    "a person logs in to a server once, tokens are renewed and kept secret, and no caller's own token goes there",
  "upstreams.live": "servers come, change and go while op-mcp runs, and the others notice nothing",
  "http.handshake": "a client of the handshake era works over HTTP, with the token or a key",
  "http.stateless": "a client of the stateless era works over HTTP, with the token or a key",
  "http.v1-client": "a client on the SDK's first version works over HTTP, and over HTTP+SSE",
  "http.inspector": "the official inspector lists and calls over HTTP in both eras",
  "http.remote": "mcp-remote bridges stdio to it, with the token or a key in a header",
  "http.clients":
    "the inspector in both eras, the v1 and the v2 client and mcp-remote work, each with a key and with OAuth",
  "http.upstream":
    "no token of a caller is passed on to a server behind it, which comes under the same trace",
  "http.websocket": "a client works over WebSocket",
  "http.unix": "a Unix socket lets in the one user who may use it, without a token",
  "http.views": "the URL decides what is shown: everything, a few that search, or a profile",
  "http.local-only": "without a way to know who calls, no other machine is served",
  "http.keys": "keys are made, listed, rotated and ended from the shell, while it serves",
  "http.refusals": "who is not let in is refused in one form, and told to the audit log",
  "http.oauth":
    "a client finds the issuer, has a person sign in there, and gets in with the token, in both eras",
  "http.oauth-refusals":
    "a token that is not for this server, is over or has too few scopes is refused, with what would help",
  "http.oauth-scopes": "scopes of a token give roles of the policy",
  "http.oauth-step-up":
    "a client whose token has too few scopes is told which, and returns with them",
  "http.conformance": "what a plugin offers passes the official conformance suites",
  "http.tls": "a certificate is renewed without a restart",
  "http.drain": "SIGTERM lets what is in flight finish, for as long as it may take",
  "http.second-signal": "a second signal ends it at once",
  "http.load": "a thousand sessions and two hundred calls at once do without an error",
  "http.service": "systemd starts it by its sockets, watches it and stops it, hardened",
  "telemetry.traces":
    "each call is a span under the trace its request names, with its parts, and no argument or secret in it",
  "telemetry.metrics": "the metrics of /metrics are sent to a collector, by the same names",
  "telemetry.off": "where nothing is sent, nothing of OpenTelemetry is loaded",
  "telemetry.dead-collector": "a collector that is away hurts no call and holds up no end",
  "many.complete": "all of 10,000 tools are listed, each once, the same in every run",
  "many.search-mode": "with many tools only a few are listed, and the others are found and called",
  "plugins.readme": "the plugin of the README works as it stands there",
  "plugins.noisy":
    "what a plugin prints is no part of a command's output, and none keeps a command from ending",
  "plugins.broken": "a broken plugin hurts nobody else, and doctor says what is wrong with it",
  "manifest.first":
    "a first start lists all that comes with op-mcp, and loads of it no more than a later one",
  "manifest.damaged": "a damaged manifest costs a warning and is made anew",
  "config.live":
    "a saved configuration takes effect where it can, and a broken one changes nothing",
  "config.formats": "a configuration file may be JSON, YAML or TOML",
  "approval.asked":
    "a person is asked once before a destructive tool runs, with its name and arguments",
  "approval.unavailable": "where nobody can be asked the call is refused, with a way to allow it",
  "access.denied":
    "a call that the policy does not allow is refused, with the rule that would allow it",
  "access.dry-run": "a rule can make a call only show what it would do",
  "access.code": "where the client cannot ask, a person approves a call by op-mcp approve, once",
  "access.live": "a changed policy counts for the next call, and a broken one changes nothing",
  "access.limits": "a caller beyond a limit is told which, and what would raise it",
  "access.cli": "the policy is checked, explained and tried from the shell",
  "audit.calls": "what was read, refused, approved and declined is in the log, verified and proved",
  "audit.events": "starts, stops and answers of people are in the log",
  "audit.secrets": "a secret that passes through is found nowhere",
  "audit.tampering": "a changed log is noticed, and where",
  "audit.resource": "those who may read the audit log read it as a resource",
  "audit.cli": "the audit log is searched, counted, exported and followed from the shell",
  "dbus.reads": "what services on the bus say is read by their own tools",
  "dbus.acts": "services do what a person agreed to",
  "dbus.forbidden": "what gives the machine away is refused",
  "dbus.events": "a unit's change of state arrives",
  "dbus.cli": "services are listed, described, called and followed from the shell",
  "state.cli":
    "desired state is planned, applied, checked, saved, looked up and taken back from the shell",
  "state.approval": "a person sees every change of a plan before it is made, and can say no",
  "state.display": "a plan is shown in colours on a terminal that wants them, and plain elsewhere",
  "state.wrong-input": "wrong desired state is refused before anything changes, with what to do",
  "state.crash": "killed at any moment, the next start takes back what was half done, unasked",
  "state.refused":
    "what cannot work is refused before anything changes: no permission, a read-only file system, a full disk",
  "state.stale": "a plan that no longer fits is refused, and appliers at once never interleave",
  "state.without-bus": "without the system's bus only what needs it fails, and says so",
  "state.machine":
    "ten resources of seven plugins are applied by a client, drift, and go back as a whole",
  "state.plugins": "plugins of others, programs, modules and services, are added, checked and used",
  "cli.terminal": "on a terminal op-mcp shows a short help, in colours",
  "cli.pipe": "into a pipe there are no colours, and a reader that leaves is no failure",
  "cli.completions": "the completions of the shells work",
  "cli.json": "every command answers programs in JSON",
  "cli.tools": "tools are listed and searched from the shell",
  "cli.call": "a tool is called from the shell",
  "cli.doctor": "doctor says what works",
  "cli.wrong-input": "wrong input gets one clear message and the right exit code",
  "cli.init": "a client's configuration is edited and given back",
  "cli.start":
    "start shows what is running, the tools and a snippet for each client, and serves over HTTP until Ctrl-C",
} as const;

export type RequirementId = keyof typeof requirements;
