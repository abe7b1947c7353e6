import { expect, it } from "vitest";
import { knownShapes } from "../../../src/tools/catalogue/known-shapes.ts";
import { realInterfaces } from "../../fixtures/real-interfaces.ts";

it("arguments are called what the services call them, so that a tool stays the same when its service starts", () => {
  const other = knownShapes.flatMap(({ name, methods }) => {
    const real = realInterfaces.find((one) => one.name === name);
    return Object.entries(methods).flatMap(([member, shape]) => {
      const names = real?.inputs.get(member);
      const own = shape.inNames ?? [];
      if (names === undefined || names.length === 0 || names.join() === own.join()) return [];
      return [`${name}.${member}: ${own.join()} is ${names.join()}`];
    });
  });
  expect(other).toEqual([]);
});
