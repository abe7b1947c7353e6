import { expect, it } from "vitest";
import * as entry from "../src/index.ts";
import * as dbus from "../src/plugins/dbus.ts";
import * as config from "../src/config.ts";
import * as descriptors from "../src/tools/descriptors.ts";
import * as plugins from "../src/plugins/index.ts";
import * as lines from "../src/plan/lines.ts";
import * as remote from "../src/remote/index.ts";
import * as unfinished from "../src/store/unfinished-marks.ts";
import * as testing from "../src/testing/index.ts";
import * as tools from "../src/tools/index.ts";

it("exports what it promises", () => {
  expect({
    ".": Object.keys(entry).toSorted(),
    "./config": Object.keys(config).toSorted(),
    "./dbus": Object.keys(dbus).toSorted(),
    "./descriptors": Object.keys(descriptors).toSorted(),
    "./plugins": Object.keys(plugins).toSorted(),
    "./lines": Object.keys(lines).toSorted(),
    "./remote": Object.keys(remote).toSorted(),
    "./testing": Object.keys(testing).toSorted(),
    "./tools": Object.keys(tools).toSorted(),
    "./unfinished": Object.keys(unfinished).toSorted(),
  }).toMatchInlineSnapshot(`
    {
      ".": [
        "StateChangeError",
        "StateClosedError",
        "StateCycleError",
        "StateInputError",
        "StateLockedError",
        "StateNotFoundError",
        "StatePlanAlteredError",
        "StatePlanStaleError",
        "StatePlanUnknownError",
        "StatePluginError",
        "StateRefusedError",
        "StateRunError",
        "StateStoreError",
        "StateUndoError",
        "StateUnfinishedError",
        "createMemoryStore",
        "fingerprintOf",
        "openSqliteStore",
        "openStateEngine",
        "parseDesiredState",
        "planLines",
        "renderPlan",
        "summarisePlan",
      ],
      "./config": [
        "StateConfig",
        "builtInPluginNames",
      ],
      "./dbus": [
        "createConnectionsPlugin",
        "createDnsPlugin",
        "createHostnamePlugin",
        "createKeymapPlugin",
        "createLocalePlugin",
        "createMountsPlugin",
        "createTimePlugin",
        "createUnitsPlugin",
      ],
      "./descriptors": [
        "explainChangesPrompt",
        "stateResource",
        "stateScheme",
      ],
      "./lines": [
        "changeLines",
      ],
      "./plugins": [
        "createFilesPlugin",
        "createGroupsPlugin",
        "createPackagesPlugin",
        "createSubvolumesPlugin",
        "createSysctlPlugin",
        "createUsersPlugin",
      ],
      "./remote": [
        "openRemotePlugin",
        "requiredOperations",
      ],
      "./testing": [
        "reach",
        "reachAndReturn",
        "statePluginContract",
        "stateStoreContract",
      ],
      "./tools": [
        "createStateSource",
      ],
      "./unfinished": [
        "createUnfinishedMarks",
        "mayBeUnfinished",
      ],
    }
  `);
});
