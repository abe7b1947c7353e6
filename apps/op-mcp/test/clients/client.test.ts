import { expect, test } from "vitest";
import { clientIds } from "../../src/clients/client-ids.ts";
import { clients, findClient } from "../../src/clients/client.ts";

test("the ids and the clients are the same", () => {
  expect(clients.map(({ id }) => id)).toEqual([...clientIds]);
});

test("a client is found by its id and by its title", () => {
  expect(findClient("vscode")?.title).toBe("VS Code");
  expect(findClient("VS Code")?.id).toBe("vscode");
  expect(findClient("emacs")).toBeUndefined();
});
