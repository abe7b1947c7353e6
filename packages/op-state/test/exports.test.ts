import { expect, it } from "vitest";
import * as entry from "../src/index.ts";
import * as dbus from "../src/plugins/dbus.ts";
import * as plugins from "../src/plugins/index.ts";
import * as testing from "../src/testing/index.ts";

it("exports what it promises", () => {
  expect({
    ".": Object.keys(entry).toSorted(),
    "./dbus": Object.keys(dbus).toSorted(),
    "./plugins": Object.keys(plugins).toSorted(),
    "./testing": Object.keys(testing).toSorted(),
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
      "./dbus": [
        "createHostnamePlugin",
        "createKeymapPlugin",
        "createLocalePlugin",
        "createTimePlugin",
        "createUnitsPlugin",
      ],
      "./plugins": [
        "createFilesPlugin",
        "createGroupsPlugin",
        "createSysctlPlugin",
        "createUsersPlugin",
      ],
      "./testing": [
        "reach",
        "reachAndReturn",
        "statePluginContract",
        "stateStoreContract",
      ],
    }
  `);
});
