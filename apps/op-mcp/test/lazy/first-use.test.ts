import { describe, expect, it } from "vitest";
import { FirstUse } from "../../src/lazy/first-use.ts";

describe("something that is opened when it is first used", () => {
  it("is opened once for everybody, and not before", async () => {
    let opened = 0;
    const thing = new FirstUse(() => Promise.resolve((opened += 1)));
    expect(await thing.opened()).toBeUndefined();
    expect(await Promise.all([thing.get(), thing.get()])).toEqual([1, 1]);
    await thing.isOpen;
    expect(await thing.opened()).toBe(1);
    expect(opened).toBe(1);
  });

  it("is tried again after it failed, and whoever closes it is not told", async () => {
    const answers = [Promise.reject(new Error("not yet")), Promise.resolve("there")];
    const thing = new FirstUse(() => answers.shift() ?? Promise.resolve("again"));
    const first = thing.get();
    expect(await thing.opened()).toBeUndefined();
    await expect(first).rejects.toThrow("not yet");
    expect(await thing.get()).toBe("there");
  });
});
