import type { JsonObject, JsonValue } from "op-core";
import { describe, expect, it } from "vitest";
import { openRemotePlugin, type RemotePluginPort } from "../../src/remote/index.ts";
import { statePluginContract, type PluginHarness } from "../../src/testing/index.ts";

const { signal } = new AbortController();

const description = {
  protocol: 1,
  name: "notes",
  version: "1",
  keys: { pattern: "[a-z]+", meaning: "the name of a note" },
  schema: { type: "object", properties: { text: { type: "string" } }, required: ["text"] },
  canBeAbsent: true,
  optional: ["check", "verify", "show", "watch"],
  examples: [{ first: { text: "one" }, second: { text: "two" } }],
};

/** Another program's memory, and what it answers; an answer can be put in the place of its own. */
class Notes implements RemotePluginPort {
  readonly place = "notes";
  readonly notes = new Map<string, JsonValue>();
  readonly #wrong: Readonly<Record<string, JsonValue>>;
  #tell = (_key: string): void => undefined;

  constructor(wrong: Readonly<Record<string, JsonValue>> = {}) {
    this.#wrong = wrong;
  }

  write(key: string, value: JsonValue): void {
    if (value === null) this.notes.delete(key);
    else this.notes.set(key, value);
    this.#tell(key);
  }

  call: RemotePluginPort["call"] = async (operation, input, options) => {
    if (operation === "watch") return await this.#watch(listIn(input, "keys"), options);
    return this.#wrong[operation] ?? this.#answer(operation, input);
  };

  #answer(operation: string, input: JsonObject): JsonValue {
    const keys = listIn(input, "keys").map(String);
    const now = (key: string) => this.notes.get(key) ?? null;
    if (operation === "describe") return description;
    if (operation === "query") {
      return { resources: Object.fromEntries(keys.map((key) => [key, { value: now(key) }])) };
    }
    if (operation === "checkpoint") {
      return { saved: Object.fromEntries(keys.map((key) => [key, now(key)])) };
    }
    if (operation === "diff") return { changes: diff(input) };
    if (operation === "show") return { value: Object(input)["saved"] };
    if (operation === "check" || operation === "verify") return { problems: [] };
    const { key, desired } = Object(input["change"] ?? {});
    if (operation === "apply") this.write(key, desired);
    if (operation === "rollback") this.write(textIn(input, "key"), input["saved"] ?? null);
    return {};
  }

  async #watch(
    keys: readonly JsonValue[],
    { signal: wanted, onProgress }: Parameters<RemotePluginPort["call"]>[2],
  ): Promise<JsonValue> {
    this.#tell = (key) => onProgress?.({ key });
    for (const key of [...keys, "nobody asked"]) onProgress?.({ key });
    const { promise, reject } = Promise.withResolvers<never>();
    wanted.addEventListener("abort", () => reject(wanted.reason));
    return await promise;
  }
}

function listIn(input: JsonObject, name: string): readonly JsonValue[] {
  const list = input[name];
  return Array.isArray(list) ? list : [];
}

function textIn(input: JsonObject, name: string): string {
  const text = input[name];
  return typeof text === "string" ? text : "";
}

function diff(input: JsonObject): JsonValue {
  const current = new Map(Object.entries(Object(input["current"])));
  return listIn(input, "desired").flatMap((resource) => {
    const { key, desired } = Object(resource);
    const before = current.get(key) ?? null;
    if (JSON.stringify(before) === JSON.stringify(desired)) return [];
    const action = before === null ? "create" : desired === null ? "delete" : "update";
    return [{ key, action, risk: "write", before: Object(before), after: desired }];
  });
}

async function openHarness(): Promise<PluginHarness> {
  const notes = new Notes();
  const { plugin } = await openRemotePlugin(notes, { signal });
  return {
    plugin,
    states: [
      [
        { key: "first", desired: { text: "one" } },
        { key: "second", desired: { text: "two" } },
      ],
      [
        { key: "first", desired: { text: "other" } },
        { key: "second", desired: null },
      ],
    ],
    look: async () => Object.fromEntries(notes.notes),
    disturb: async () => notes.write("first", { text: "by hand" }),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

describe("a plugin that is another program", () => {
  it.each(statePluginContract(openHarness))("$name", async ({ check }) => {
    await expect(check()).resolves.toBeUndefined();
  });

  it("names what it also does, and states to try", async () => {
    const { plugin, optional, examples } = await openRemotePlugin(new Notes(), { signal });
    expect(optional).toEqual(["check", "verify", "show", "watch"]);
    expect(examples).toEqual([
      [
        { key: "first", desired: { text: "one" } },
        { key: "second", desired: { text: "two" } },
      ],
    ]);
    expect(await plugin.describe?.("first", { text: "old" }, { signal })).toEqual({
      value: { text: "old" },
    });
  });

  it.each([
    ["another version", { ...description, protocol: 2 }],
    ["a name that is none", { ...description, name: "../notes" }],
    ["a pattern that is none", { ...description, keys: { pattern: "(", meaning: "" } }],
    ["no answer", "nothing"],
  ])("is refused with %s", async (_, answer) => {
    await expect(
      openRemotePlugin(new Notes({ describe: answer }), { signal }),
    ).rejects.toMatchObject({
      code: "ERR_STATE_PLUGIN",
    });
  });

  it.each([
    ["query", { resources: { first: { value: 7 } } }],
    ["query", { resources: {}, more: true }],
    [
      "diff",
      { changes: [{ key: "other", action: "create", risk: "write", before: null, after: {} }] },
    ],
    [
      "diff",
      { changes: [{ key: "first", action: "create", risk: "none", before: null, after: {} }] },
    ],
  ])("is not believed when its %s answers %j", async (operation, answer) => {
    const { plugin } = await openRemotePlugin(new Notes({ [operation]: answer }), { signal });
    const look = async () => {
      const current = await plugin.query(["first"], { signal });
      return plugin.diff([{ key: "first", desired: { text: "" } }], current, { signal });
    };
    await expect(look()).rejects.toMatchObject({ code: "ERR_STATE_PLUGIN" });
  });

  it("does not get to change what is desired", async () => {
    const change = { key: "first", action: "create", risk: "write", before: null, after: {} };
    const { plugin } = await openRemotePlugin(new Notes({ diff: { changes: [change] } }), {
      signal,
    });
    const desired = [{ key: "first", desired: { text: "wanted" } }];
    const current = await plugin.query(["first"], { signal });
    expect(await plugin.diff(desired, current, { signal })).toMatchObject([
      { desired: { text: "wanted" }, isReversible: true, requires: [] },
    ]);
  });
});
