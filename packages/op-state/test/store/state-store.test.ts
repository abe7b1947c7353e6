import { describe, expect, it } from "vitest";
import { createMemoryStore, openSqliteStore } from "../../src/index.ts";
import { stateStoreContract } from "../../src/testing/index.ts";
import { openScratch } from "../scratch.ts";

describe("the store in memory", () => {
  it.each(stateStoreContract(async () => createMemoryStore()))("$name", async ({ check }) => {
    await expect(check()).resolves.toBeUndefined();
  });
});

describe("the store on SQLite", () => {
  it.each(
    stateStoreContract(async () => {
      await using stack = new AsyncDisposableStack();
      const { path } = stack.use(await openScratch());
      const store = stack.use(await openSqliteStore({ directory: path }));
      const rest = stack.move();
      return new Proxy(store, {
        get: (target, name) => {
          if (name === Symbol.asyncDispose) return () => rest.disposeAsync();
          const value: unknown = Reflect.get(target, name);
          return typeof value === "function" ? value.bind(target) : value;
        },
      });
    }),
  )("$name", async ({ check }) => {
    await expect(check()).resolves.toBeUndefined();
  });
});
