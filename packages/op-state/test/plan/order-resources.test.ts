import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { orderResources, type OrderedNode } from "../../src/plan/order-resources.ts";

const node = (id: string, requires: readonly string[] = [], isRemoved = false): OrderedNode => ({
  id,
  requires,
  isRemoved,
});

describe("the order of resources", () => {
  it("has first what is required, equals by name", () => {
    const nodes = [node("c", ["b"]), node("b"), node("z"), node("a", ["z"])];
    expect(orderResources(nodes)).toEqual(["b", "z", "a", "c"]);
  });

  it("is turned round for what goes away", () => {
    const nodes = [node("file", ["folder"], true), node("folder", [], true)];
    expect(orderResources(nodes)).toEqual(["file", "folder"]);
    expect(orderResources([node("a", ["b"], true), node("b")])).toEqual(["b", "a"]);
  });

  it("does not care for what is not there", () => {
    expect(orderResources([node("a", ["elsewhere"])])).toEqual(["a"]);
  });

  it("names the circle it cannot have", () => {
    const nodes = [
      node("d", ["a"]),
      node("a", ["b"]),
      node("b", ["c"]),
      node("c", ["a"]),
      node("e"),
    ];
    expect(() => orderResources(nodes)).toThrow(
      expect.objectContaining({
        code: "ERR_STATE_CYCLE",
        data: { cycle: ["a", "b", "c", "a"] },
      }),
    );
    expect(() => orderResources([node("a", ["a"])])).toThrow(
      expect.objectContaining({ data: { cycle: ["a", "a"] } }),
    );
  });

  it("is the same however the resources come, and keeps every requirement", () => {
    const graph = fc.array(fc.array(fc.nat(30), { maxLength: 4 }), { maxLength: 30 }).map((all) =>
      all.map((requires, index) =>
        node(
          `n${index}`,
          requires.filter((at) => at < index).map((at) => `n${at}`),
        ),
      ),
    );
    fc.assert(
      fc.property(graph, fc.infiniteStream(fc.nat()), (nodes, keys) => {
        const order = orderResources(nodes);
        const shuffled = nodes
          .map((one) => ({ one, at: keys.next().value ?? 0 }))
          .toSorted((left, right) => left.at - right.at)
          .map(({ one }) => one);
        expect(orderResources(shuffled)).toEqual(order);
        for (const { id, requires } of nodes) {
          for (const first of requires) {
            expect(order.indexOf(first)).toBeLessThan(order.indexOf(id));
          }
        }
      }),
      { seed: 8 },
    );
  });
});
