import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import * as network from "../../src/network/index.ts";
import { differences } from "../fixtures/real-shapes.ts";

const xml = readFileSync(new URL("../fixtures/network.xml", import.meta.url), "utf8");

it.each([
  network.networkManager,
  network.networkManagerConnection,
  network.networkManagerDevice,
  network.networkManagerSettings,
  network.resolvedManager,
])("$name has the members its service has", (shape) => {
  expect(differences(xml, shape)).toEqual([]);
});
