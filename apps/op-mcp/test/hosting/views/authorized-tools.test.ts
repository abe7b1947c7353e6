import {
  createMemorySource,
  createToolView,
  openToolbox,
  textResult,
  type Principal,
} from "op-tools";
import { defineTool } from "op-tools/define";
import { expect, it } from "vitest";
import { z } from "zod";
import { createAuthorizedTools } from "../../../src/hosting/views/authorized-tools.ts";
import { compilePolicy } from "../../../src/policy/compile-policy.ts";
import { withOwnUid } from "../../../src/policy/own-uid.ts";
import { PolicyConfig, type PolicyInput } from "../../../src/policy/policy-config.ts";

const tool = (name: string, risk: "read" | "destructive") =>
  defineTool({
    name,
    description: name,
    input: z.strictObject({}),
    category: "sample",
    risk,
    call: async () => textResult(name),
  });

const policyOf = (config: PolicyInput) => compilePolicy(withOwnUid(PolicyConfig.parse(config), 0));

const reader: Principal = { id: "key:reader", scopes: [] };
const operator: Principal = { id: "key:operator", scopes: ["ops"] };
const roles = { operator: { principals: ["key:operator"] } };

async function setUp() {
  const toolbox = await openToolbox({
    sources: [createMemorySource("s", [tool("look", "read"), tool("wipe", "destructive")])],
  });
  await toolbox.ready;
  const view = createToolView({
    catalogue: toolbox.registry,
    call: (name, args, context) => toolbox.call(name, args, context),
    metaTools: [],
    mode: "direct",
  });
  let policy = policyOf({ roles });
  const toolsFor = createAuthorizedTools({ view, policy: () => policy });
  const namesFor = (principal: Principal): string[] => {
    const shown = toolsFor(principal);
    return shown.slice(0, shown.size).map(({ name }) => name);
  };
  return {
    view,
    toolsFor,
    namesFor,
    replace: (config: PolicyInput) => {
      policy = policyOf(config);
    },
    [Symbol.asyncDispose]: async () => {
      view[Symbol.dispose]();
      await toolbox[Symbol.asyncDispose]();
    },
  };
}

it("shows each principal what some call of theirs could be more than denied", async () => {
  await using shown = await setUp();
  expect(shown.namesFor(reader)).toEqual(["look"]);
  expect(shown.namesFor(operator)).toEqual(["look", "wipe"]);
});

it("shows the view itself where nothing is left out", async () => {
  await using shown = await setUp();
  expect(shown.toolsFor(operator)).toBe(shown.view);
});

it("says the same to the same principal, however often and by whatever connection it asks", async () => {
  await using shown = await setUp();
  const [first, second] = [shown.toolsFor(reader), shown.toolsFor({ ...reader })];
  expect(first.slice(0, 9)).toEqual(second.slice(0, 9));
  expect(first.revision).toBe(second.revision);
});

it("follows the policy", async () => {
  await using shown = await setUp();
  expect(shown.namesFor(reader)).toEqual(["look"]);
  const more = { operator: { principals: ["key:reader"] } };
  shown.replace({ roles: more });
  expect(shown.namesFor(reader)).toEqual(["look", "wipe"]);
});

it("knows a hundred principals at most, and forgets none of their rights", async () => {
  await using shown = await setUp();
  for (let number = 0; number < 300; number += 1) {
    expect(shown.namesFor({ id: `key:${number}`, scopes: [] })).toEqual(["look"]);
  }
  expect(shown.namesFor(reader)).toEqual(["look"]);
});
