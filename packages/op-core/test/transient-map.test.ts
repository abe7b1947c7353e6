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

  it("is read in the order in which entries came, also while some leave", () => {
    const map = new TransientMap<number, { readonly of: number }>();
    for (const key of [3, 1, 2]) map.set(key, { of: key });
    const seen: number[] = [];
    for (const [key] of map) {
      seen.push(key);
      map.take(key);
      map.take(2);
    }
    expect(seen).toEqual([3, 1]);
    expect(map.size).toBe(0);
  });

  it("keeps apart what falls on the same place", () => {
    const map = new TransientMap<number | string, { readonly of: number }>();
    const keys = [0, 256, 512, 0.5, -256, "", "a", "b"];
    for (const [of, key] of keys.entries()) map.set(key, { of });
    expect(map.take(256)).toEqual({ of: 1 });
    expect(map.take(-256)).toEqual({ of: 4 });
    expect([...map].map(([key]) => key)).toEqual([0, 512, 0.5, "", "a", "b"]);
    expect(map.get(512)).toEqual({ of: 2 });
    expect(map.get(0.5)).toEqual({ of: 3 });
    expect(map.get("")).toEqual({ of: 5 });
  });
});
