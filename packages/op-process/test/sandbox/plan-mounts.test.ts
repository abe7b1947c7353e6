import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { afterAll, expect, test } from "vitest";
import { isVisible, planMounts } from "../../src/sandbox/plan-mounts.ts";

const root = realpathSync(mkdtempSync(join(tmpdir(), "op-process-mounts-")));
afterAll(() => rmSync(root, { recursive: true }));
const at = (path: string) => join(root, path);
mkdirSync(at("project/secret/open"), { recursive: true });
symlinkSync(at("project"), at("link"));

test("temporary files and homes are hidden, the system is not", () => {
  expect(isVisible(root, {})).toBe(false);
  expect(isVisible("/usr/bin/env", {})).toBe(true);
  expect(isVisible("/", {})).toBe(true);
});

test("the innermost path decides", () => {
  const profile = {
    readable: [at("project")],
    hidden: [at("project/secret")],
    writable: [at("project/secret/open")],
  };
  expect(isVisible(at("project/file"), profile)).toBe(true);
  expect(isVisible(at("project/secret/file"), profile)).toBe(false);
  expect(isVisible(at("project/secret/open/file"), profile)).toBe(true);
  expect(isVisible(at("projects"), profile)).toBe(false);
  const inside = planMounts(profile).filter(({ path }) => path.startsWith(root));
  expect(inside).toEqual([
    { path: at("project"), kind: "readable" },
    { path: at("project/secret"), kind: "hidden" },
    { path: at("project/secret/open"), kind: "writable" },
  ]);
});

test("a link is mounted where it leads, and a path named twice is what it may be most", () => {
  const mounts = planMounts({ readable: [at("link")], writable: [at("project")] });
  expect(mounts.filter(({ path }) => path.startsWith(root))).toEqual([
    { path: at("project"), kind: "writable" },
  ]);
});

test("folders that do not exist need not be hidden", () => {
  expect(planMounts({ hidden: [at("nowhere")] }).map(({ path }) => path)).not.toContain(
    at("nowhere"),
  );
});
