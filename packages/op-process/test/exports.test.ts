import * as opProcess from "op-process";
import * as spawner from "op-process/spawner";
import { expect, test } from "vitest";

test("exports exactly this", () => {
  expect(Object.keys(opProcess).toSorted()).toMatchInlineSnapshot(`
    [
      "ProcessHostClosedError",
      "SandboxUnavailableError",
      "SpawnError",
      "SpawnerLostError",
      "hiddenFolders",
      "inspectSandbox",
      "isAtLeast",
      "nodePermissionFlags",
      "openProcessHost",
      "removeAbandonedFolders",
      "sandboxLevels",
    ]
  `);
  expect(Object.keys(spawner).toSorted()).toMatchInlineSnapshot(`
    [
      "parseSpawnerArguments",
      "runSpawner",
    ]
  `);
});
