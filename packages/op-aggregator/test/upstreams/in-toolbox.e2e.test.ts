import { createTestContext } from "op-tools/testing";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openToolbox } from "op-tools";
import { describe, expect, it } from "vitest";
import { faultServer } from "../fixtures/fault-server.ts";
import { openRig, scriptServer } from "../fixtures/real-upstreams.ts";

const upstreams = ["one", "two"].map((name) => ({
  name,
  transport: scriptServer(faultServer()),
}));

describe("upstreams in a toolbox", () => {
  it("are listed from the manifest without being started, and the first call starts the one it needs", async () => {
    const folder = await mkdtemp(join(tmpdir(), "aggregator-"));
    const manifestPath = join(folder, "manifest");
    const openAll = async () => {
      const rig = await openRig(upstreams);
      const sources = rig.aggregator.upstreams.map(({ tools }) => tools);
      const toolbox = await openToolbox({ sources, manifestPath });
      await toolbox.ready;
      return {
        rig,
        toolbox,
        [Symbol.asyncDispose]: async () => {
          await toolbox[Symbol.asyncDispose]();
          await rig[Symbol.asyncDispose]();
        },
      };
    };
    const names = async (): Promise<readonly string[]> => {
      await using first = await openAll();
      return first.toolbox.registry.names().toSorted();
    };
    const known = await names();
    expect(known).toContain("ok");
    expect(known).toContain("two_ok");
    await using second = await openAll();
    expect(second.toolbox.registry.names().toSorted()).toEqual(known);
    expect(second.rig.childCount).toBe(0);
    const { content } = await second.toolbox.call("two_ok", {}, createTestContext());
    expect(content).toEqual([{ type: "text", text: "fine" }]);
    expect(second.rig.childCount).toBe(1);
    await rm(folder, { recursive: true });
  });
});
