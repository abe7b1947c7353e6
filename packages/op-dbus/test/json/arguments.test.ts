import { describe, expect, it } from "vitest";
import { argumentsFromJson, argumentsToJson, jsonSchemaOfArguments } from "../../src/index.ts";

const args = [
  { name: "name", type: "s", documentation: "The unit." },
  { name: "", type: "u", documentation: undefined },
  { name: "x y", type: "as", documentation: undefined },
];

describe("arguments", () => {
  it("have a schema", () => {
    expect(jsonSchemaOfArguments(args)).toEqual({
      type: "object",
      properties: {
        name: { type: "string", description: "The unit." },
        arg1: { type: "integer", minimum: 0, maximum: 4_294_967_295 },
        arg2: { type: "array", items: { type: "string" } },
      },
      required: ["name", "arg1", "arg2"],
      additionalProperties: false,
    });
  });

  it("are read and written by their keys", () => {
    const json = { name: "a", arg1: 7, arg2: ["b"] };
    expect(argumentsFromJson(args, json)).toEqual(["a", 7, ["b"]]);
    expect(argumentsToJson(args, ["a", 7, ["b"]])).toEqual(json);
  });

  it("are named when they do not fit", () => {
    const read = (json: Parameters<typeof argumentsFromJson>[1]) => () =>
      argumentsFromJson(args, json);
    expect(read({ name: "a", arg1: 7 })).toThrow(
      'Argument "arg2" has type "as": expected a value, got nothing.',
    );
    expect(read({ name: "a", arg1: "x", arg2: [] })).toThrow('Argument "arg1" has type "u"');
    expect(read({ name: "a", arg1: 1, arg2: [], other: 1 })).toThrow('Argument "other"');
  });

  it("with the same name are told apart", () => {
    const twice = [args[0]!, args[0]!];
    expect(argumentsFromJson(twice, { arg0: "a", arg1: "b" })).toEqual(["a", "b"]);
  });
});
