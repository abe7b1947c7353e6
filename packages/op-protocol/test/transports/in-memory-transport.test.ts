import { expect, it } from "vitest";
import { createInMemoryPair, type TransportReceiver } from "../../src/index.ts";

const receiver = (more: Partial<TransportReceiver> = {}): TransportReceiver => ({
  message: () => undefined,
  malformed: () => undefined,
  closed: () => undefined,
  ...more,
});

it("tells the end also to a side that starts after it", async () => {
  const [left, right] = createInMemoryPair();
  await right[Symbol.asyncDispose]();
  await Promise.resolve();
  const closed = Promise.withResolvers<string>();
  left.start(receiver({ closed: () => closed.resolve("closed") }));
  expect(await closed.promise).toBe("closed");
});

it("delivers nothing after the receiver has closed it, and tells the end once", async () => {
  const [left, right] = createInMemoryPair();
  right.start(receiver());
  const told: unknown[] = [];
  const closed = Promise.withResolvers<void>();
  left.start(
    receiver({
      message: (value) => {
        told.push(value);
        void left[Symbol.asyncDispose]();
      },
      closed: () => {
        told.push("closed");
        closed.resolve();
      },
    }),
  );
  right.send({ jsonrpc: "2.0", method: "a" });
  right.send({ jsonrpc: "2.0", method: "b" });
  await closed.promise;
  await right[Symbol.asyncDispose]();
  expect(told).toEqual([{ jsonrpc: "2.0", method: "a" }, "closed"]);
});
