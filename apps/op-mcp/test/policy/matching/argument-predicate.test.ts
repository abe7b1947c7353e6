import type { JsonObject } from "op-core";
import { describe, expect, it } from "vitest";
import { parseArgumentPath } from "../../../src/policy/matching/argument-path.ts";
import { compilePredicate } from "../../../src/policy/matching/argument-predicate.ts";
import type { ArgumentPredicate } from "../../../src/policy/policy-rule-config.ts";

function look(text: string, predicate: ArgumentPredicate, args: JsonObject): string {
  const path = parseArgumentPath(text);
  if (path === undefined) throw new Error(`${text} is no path`);
  return compilePredicate(path, predicate)(args);
}

describe("what is said of an argument", () => {
  it.each<[ArgumentPredicate, JsonObject, string]>([
    [{ equals: "a" }, { x: "a" }, "yes"],
    [{ equals: "a" }, { x: "b" }, "no"],
    [{ equals: "1" }, { x: 1 }, "unknown"],
    [{ equals: "a" }, { x: null }, "unknown"],
    [{ equals: "a" }, {}, "unknown"],
    [{ equals: null }, { x: null }, "yes"],
    [{ equals: true }, { x: false }, "no"],
    [{ oneOf: ["a", 1] }, { x: 1 }, "yes"],
    [{ oneOf: ["a", 1] }, { x: 2 }, "no"],
    [{ oneOf: ["a", 1] }, { x: true }, "unknown"],
    [{ oneOf: ["a"] }, { x: ["a"] }, "unknown"],
    [{ glob: ["ng*", "ss*"] }, { x: "sshd" }, "yes"],
    [{ glob: ["ng*"] }, { x: "sshd" }, "no"],
    [{ glob: ["*"] }, { x: 1 }, "unknown"],
    [{ notGlob: ["ng*"] }, { x: "sshd" }, "yes"],
    [{ notGlob: ["ng*"] }, { x: "nginx" }, "no"],
    [{ notGlob: ["ng*"] }, { x: {} }, "unknown"],
    [{ glob: ["n*"], notGlob: ["*x"] }, { x: "nginx" }, "no"],
    [{ atLeast: 1, atMost: 3 }, { x: 3 }, "yes"],
    [{ atLeast: 1, atMost: 3 }, { x: 4 }, "no"],
    [{ atLeast: 1 }, { x: "2" }, "unknown"],
    [{ absent: true }, {}, "yes"],
    [{ absent: true }, { x: 1 }, "no"],
    [{ absent: true }, { x: null }, "unknown"],
    [{ absent: false }, {}, "no"],
    [{ absent: false }, { x: null }, "yes"],
    [{ absent: false, equals: 1 }, {}, "no"],
    [{ absent: false, equals: 1 }, { x: 1 }, "yes"],
  ])("%j of %j: %s", (predicate, args, answer) => {
    expect(look("x", predicate, args)).toBe(answer);
  });
});

describe("a path that must be in a directory", () => {
  it.each([
    ["/tmp", "yes"],
    ["/tmp/", "yes"],
    ["/tmp/a/../b", "yes"],
    ["//tmp/a", "yes"],
    ["/tmp/../etc/passwd", "no"],
    ["/tmpfile", "no"],
    ["/", "no"],
    ["tmp/a", "unknown"],
    ["", "unknown"],
    ["/tmp/\0", "unknown"],
  ])("%j: %s", (x, answer) => {
    expect(look("x", { under: ["/tmp/"] }, { x })).toBe(answer);
    const opposite = { yes: "no", no: "yes" }[answer] ?? "unknown";
    expect(look("x", { notUnder: ["/tmp"] }, { x })).toBe(opposite);
  });
});

describe("a path to an argument", () => {
  it.each(["", ".", "a..b", "a.", "[]", "a[", "a]", "a[0]", "a[]b"])("is not %j", (text) => {
    expect(parseArgumentPath(text)).toBeUndefined();
  });

  it("leads into objects, by what is their own", () => {
    expect(look("a.b-c", { equals: 1 }, { a: { "b-c": 1 } })).toBe("yes");
    expect(look("a.b", { equals: 1 }, { a: 1 })).toBe("unknown");
    expect(look("a.b", { absent: true }, { a: 1 })).toBe("unknown");
    expect(look("a.b", { absent: true }, {})).toBe("yes");
    expect(look("constructor", { absent: true }, {})).toBe("yes");
    expect(look("a.toString", { absent: true }, { a: {} })).toBe("yes");
    const polluted: JsonObject = JSON.parse('{"__proto__": {"x": 1}}');
    expect(look("x", { absent: true }, polluted)).toBe("yes");
    expect(look("__proto__.x", { equals: 1 }, polluted)).toBe("yes");
  });

  it("speaks of all elements of a list, and knows only what is the same of all", () => {
    const glob = { glob: ["/tmp/*"] };
    expect(look("p[]", glob, { p: ["/tmp/a", "/tmp/b"] })).toBe("yes");
    expect(look("p[]", glob, { p: ["/etc/a", "/etc/b"] })).toBe("no");
    expect(look("p[]", glob, { p: ["/tmp/a", "/etc/b"] })).toBe("unknown");
    expect(look("p[]", glob, { p: ["/tmp/a", 1] })).toBe("unknown");
    expect(look("p[]", glob, { p: [] })).toBe("unknown");
    expect(look("p[]", glob, { p: "/tmp/a" })).toBe("unknown");
    expect(look("p[].name", { equals: "a" }, { p: [{ name: "a" }, { name: "a" }] })).toBe("yes");
    expect(look("p[].name", { equals: "a" }, { p: [{ name: "a" }, {}] })).toBe("unknown");
    expect(look("p[][]", { equals: 1 }, { p: [[1], [1, 1]] })).toBe("yes");
  });
});
