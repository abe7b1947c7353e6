import { describe, expect, it } from "vitest";
import {
  childPath,
  parseBusName,
  parseErrorName,
  parseInterfaceName,
  parseMemberName,
  parseObjectPath,
  parseUniqueName,
  parseWellKnownName,
} from "../../src/index.ts";

const long = `a.${"b".repeat(254)}`;

const kinds = [
  [parseObjectPath, ["/", "/a", "/a/b_1/C"], ["", "a", "/a/", "//", "/a//b", "/a-b", "/ä", "/a\n"]],
  [
    parseBusName,
    [":1.5", "a.b", "org.x-y._z"],
    ["", "a", ".a.b", "a.", "a.1b", ":1", "a..b", long],
  ],
  [parseUniqueName, [":1.5", ":a-b.c"], ["a.b", ":", ":1.", `:1.${"2".repeat(300)}`]],
  [parseWellKnownName, ["a.b"], [":1.5", "a"]],
  [parseInterfaceName, ["a.b", "_a._1"], ["a", "a.b-c", "a.1", ".a", "a.b.", long, "a.b\n"]],
  [parseErrorName, ["a.b.Failed"], ["Failed", ""]],
  [parseMemberName, ["Get", "_x1"], ["", "1a", "a.b", "a-b", "m".repeat(256)]],
] as const;

describe.each(kinds)("%o", (parse, valid, invalid) => {
  it.each(valid)("takes %j", (name) => {
    expect(parse(name)).toBe(name);
  });

  it.each(invalid)("refuses %j", (name) => {
    expect(() => parse(name)).toThrow(expect.objectContaining({ code: "ERR_DBUS_NAME" }));
  });
});

describe("a child's path", () => {
  it("is below its parent's", () => {
    expect(childPath(parseObjectPath("/"), "a")).toBe("/a");
    expect(childPath(parseObjectPath("/a"), "b")).toBe("/a/b");
    expect(() => childPath(parseObjectPath("/a"), "../b")).toThrow("is not an object path");
  });
});
