import { expect, it } from "vitest";
import * as entry from "../src/index.ts";
import * as agents from "../src/agents/index.ts";
import * as config from "../src/config.ts";
import * as testing from "../src/testing/index.ts";
import * as dbus from "../src/dbus/index.ts";
import * as serving from "../src/serving/index.ts";

it("exports what it promises", () => {
  expect({
    ".": Object.keys(entry).toSorted(),
    "./agents": Object.keys(agents).toSorted(),
    "./config": Object.keys(config).toSorted(),
    "./dbus": Object.keys(dbus).toSorted(),
    "./testing": Object.keys(testing).toSorted(),
    "./agent": Object.keys(serving).toSorted(),
  }).toMatchInlineSnapshot(`
    {
      ".": [
        "AgentDiedError",
        "AgentProtocolError",
        "AgentSpecError",
        "AgentStartError",
        "AgentTaskError",
        "AgentUnavailableError",
        "PoolClosedError",
        "TaskCancelledError",
        "TaskConflictError",
        "TaskNotFoundError",
        "UnknownOperationError",
        "WorkspaceFileError",
        "defaultAgentLimits",
        "defaultRestartPolicy",
        "defaultStartBreaker",
        "defineAgent",
        "openAgentPool",
        "openNativeBackend",
      ],
      "./agent": [
        "operationFailure",
        "serveAgent",
      ],
      "./agents": [
        "agentsFromConfig",
        "defineExecutor",
        "defineFileAgent",
        "defineMonitorAgent",
        "defineNetworkAgent",
        "defineNetworkManagerAgent",
        "defineSystemdAgent",
        "openDirectAgent",
      ],
      "./config": [
        "AgentSpecConfig",
        "AgentsConfig",
        "ExecutorConfig",
        "FileConfig",
        "MonitorConfig",
        "NetworkConfig",
        "NetworkManagerConfig",
        "SystemdConfig",
      ],
      "./dbus": [
        "createAgentBus",
        "exposeAgents",
        "openFoundAgents",
      ],
      "./testing": [
        "describeExecutionBackend",
      ],
    }
  `);
});
