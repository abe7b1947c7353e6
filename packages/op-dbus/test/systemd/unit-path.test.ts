import * as fc from "fast-check";
import { expect, it } from "vitest";
import { fromUnitPath, toUnitPath } from "../../src/systemd/index.ts";

it("a unit's path is the one systemd gives it", () => {
  expect(toUnitPath("nginx.service")).toBe("/org/freedesktop/systemd1/unit/nginx_2eservice");
  expect(toUnitPath("0day@a-b.service")).toBe(
    "/org/freedesktop/systemd1/unit/_30day_40a_2db_2eservice",
  );
  expect(fromUnitPath("/org/freedesktop/systemd1/unit/nginx_2eservice")).toBe("nginx.service");
  expect(fromUnitPath("/org/freedesktop/systemd1/job/1")).toBeUndefined();
  expect(fromUnitPath("/org/freedesktop/systemd1/unit/a/b")).toBeUndefined();
});

it("a unit's name is found again in its path", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (name) => {
      expect(fromUnitPath(toUnitPath(name))).toBe(name);
    }),
    { seed: 7 },
  );
});
