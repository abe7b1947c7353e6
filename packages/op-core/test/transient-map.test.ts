import { TransientMap } from "op-core";
import { describe, expect, it } from "vitest";

describe("a transient map", () => {
  it("gives back what was put in, and once", () => {
    const map = new TransientMap<string | number, { readonly name: string }>();
    map.set(1, { name: "number" });
    map.set("1", { name: "text" });
    map.set("__proto__", { name: "odd" });
    map.set(-1, { name: "negative" });
    expect(map.size).toBe(4);
    expect(map.get("1")).toEqual({ name: "text" });
    expect(map.has("constructor")).toBe(false);
    expect(new Set([...map].map(([key]) => key))).toEqual(new Set([-1, 1, "1", "__proto__"]));
    expect(map.take(1)).toEqual({ name: "number" });
    expect(map.take(1)).toBeUndefined();
    expect(map.take("__proto__")).toEqual({ name: "odd" });
    map.set("1", { name: "another" });
    expect(map.size).toBe(2);
    expect(map.get("1")).toEqual({ name: "another" });
  });

  it("is read in the order of its numbers, also while entries leave", () => {
    const map = new TransientMap<number, { readonly of: number }>();
    for (const key of [3, 1, 2]) map.set(key, { of: key });
    const seen: number[] = [];
    for (const [key] of map) {
      seen.push(key);
      map.take(key);
      map.take(2);
    }
    expect(seen).toEqual([1, 3]);
    expect(map.size).toBe(0);
  });
});
