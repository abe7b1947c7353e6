import { once } from "node:events";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readProcessTable } from "../../src/processes/process-table.ts";
import { openRig, rigs } from "../fixtures/rigs.ts";
import { never, runScript } from "../fixtures/run-child.ts";

/** A process and all that descend from it. */
function family(pid: number): number[] {
  const children = [...readProcessTable().values()].filter(({ parent }) => parent === pid);
  return [pid, ...children.flatMap((child) => family(child.pid))];
}

const cgroupOf = (pid: number) => readFileSync(`/proc/${pid}/cgroup`, "utf8");

const withCgroups = rigs.filter(({ useCgroups }) => useCgroups);

test.each(withCgroups)(
  "nobody of a child was ever outside its cgroup at level $name",
  async (rig) => {
    await using host = await openRig(rig);
    const child = await host.spawn(
      {
        argv: ["/bin/sh", "-c", "sleep 100 & (sleep 100 & echo up; wait); wait"],
        cwd: "/",
        sandbox: { level: rig.level },
      },
      { signal: never },
    );
    await once(child.stdout, "data");
    const members = family(child.pid);
    expect(members.length).toBeGreaterThanOrEqual(4);
    const places = new Set(
      members.map((pid) => /^0::.*\/op-process-.*$/mu.exec(cgroupOf(pid))?.[0]),
    );
    expect([...places]).toEqual([expect.stringMatching(/\/op-process-\d+-\d+\/1$/u)]);
  },
);

test.each(rigs)("a child has its standard streams and nothing else at level $name", async (rig) => {
  await using host = await openRig(rig);
  const { stdout } = await runScript(
    host,
    'for path in /proc/$$/fd/?; do [ ! -e "$path" ] || echo "${path##*/}"; done',
    { sandbox: { level: rig.level } },
  );
  expect(stdout).toBe("0\n1\n2\n");
});
