import { describe, expect, it } from "vitest";
import { planLines, renderPlan, type PlannedChange } from "../../src/index.ts";

const change: PlannedChange = {
  plugin: "files",
  key: "/etc/app",
  desired: {},
  action: "update",
  risk: "write",
  isReversible: true,
  before: null,
  after: null,
  requires: [],
};

function toResource({ plugin, key, desired, requires }: PlannedChange) {
  return { plugin, key, desired, requires };
}

function render(changes: readonly PlannedChange[]): string {
  return renderPlan({
    hash: "",
    desired: changes.map(toResource),
    versions: {},
    fingerprints: {},
    changes,
  });
}

describe("the text of a plan", () => {
  it("shows what comes, goes and becomes different, and of a text the lines that do", () => {
    const text = render([
      { ...change, key: "/new", action: "create", after: { mode: "0644" } },
      {
        ...change,
        before: { mode: "0600", owner: "ada", content: "a\nold\nz\n", kept: true },
        after: { mode: "0644", group: "staff", content: "a\nnew\nmore\nz\n", kept: true },
      },
      { ...change, key: "/old", action: "delete", risk: "destructive", before: { mode: "0644" } },
      { ...change, key: "/key", risk: "privileged", isReversible: false },
    ]);
    expect(text).toMatchInlineSnapshot(`
      "+ files:/new
        + mode: "0644"
      ~ files:/etc/app
        ~ content:
          - old
          + new
          + more
        + group: "staff"
        ~ mode: "0600" → "0644"
        - owner: "ada"
      - files:/old (destructive)
        - mode: "0644"
      ~ files:/key (privileged, cannot be undone)

      1 to create, 2 to update, 1 to delete, 0 as desired
      "
    `);
  });

  it("does not let a terminal obey what the system contains", () => {
    const before = { content: "\u001b[2Jgone\n\u202ereversed", name: "bell\u0007" };
    const lines = planLines([{ ...change, key: "/a\nb\u009b", before, after: {} }]);
    expect(lines.map(({ text }) => text)).toEqual([
      String.raw`files:/a\u{a}b\u{9b}`,
      "content:",
      String.raw`\u{1b}[2Jgone`,
      String.raw`\u{202e}reversed`,
      String.raw`name: "bell\u0007"`,
    ]);
  });
});
