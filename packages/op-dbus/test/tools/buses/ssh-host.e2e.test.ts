import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isOpError } from "op-core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { DBusConfig } from "../../../src/config.ts";
import { createDBusSources, type DBusSource } from "../../../src/tools/index.ts";
import { lamps, openLampHouse, switchOn, type LampHouse } from "../../fixtures/lamp-house.ts";
import { callTool, contextOf, listTools } from "../../fixtures/open-dbus-source.ts";

const bridge = "/usr/bin/systemd-stdio-bridge";

/** A program named ssh that leads to a bus of this machine for as long as the other machine is there. */
interface FakeSsh {
  /** What it was told the last time. */
  arguments(): Promise<readonly string[]>;
  /** Ends the connection as a machine that is switched off does. */
  switchOff(): Promise<void>;
  switchOn(): Promise<void>;
}

async function createFakeSsh(directory: string, address: string): Promise<FakeSsh> {
  const inside = (name: string): string => join(directory, name);
  const lines = [
    "#!/bin/sh",
    `cd ${directory}`,
    `printf '%s\\n' "$@" > arguments`,
    `[ -e off ] && { echo 'ssh: connect to host lamps.example.org: No route to host' >&2; exit 255; }`,
    "echo $$ > pid",
    `exec ${bridge} --bus-path '${address}'`,
    "",
  ];
  await writeFile(inside("ssh"), lines.join("\n"), { mode: 0o755 });
  const read = async (name: string): Promise<string> => await readFile(inside(name), "utf8");
  return {
    arguments: async () => (await read("arguments")).trim().split("\n"),
    switchOff: async () => {
      await writeFile(inside("off"), "");
      process.kill(Number(await read("pid")), "SIGKILL");
    },
    switchOn: () => rm(inside("off")),
  };
}

describe.skipIf(!existsSync(bridge))("a host that ssh leads to", () => {
  let stack: AsyncDisposableStack;
  let there: LampHouse;
  let ssh: FakeSsh;
  let here: DBusSource;
  let far: DBusSource;

  beforeEach(async () => {
    stack = new AsyncDisposableStack();
    const directory = await mkdtemp(join(tmpdir(), "op-dbus-host-"));
    stack.defer(() => rm(directory, { recursive: true, force: true }));
    there = stack.use(await openLampHouse());
    const nearHouse = stack.use(await openLampHouse());
    await nearHouse.addLamp("/org/example/Lamp");
    ssh = await createFakeSsh(directory, there.daemon.address);
    vi.stubEnv("PATH", `${directory}:${process.env["PATH"]}`);
    const config = DBusConfig.parse({
      system: "none",
      session: nearHouse.daemon.address,
      profile: ["org.example.Lamp.*"],
      hosts: [{ name: "far", ssh: "lamps.example.org", user: "ada", port: 2222 }],
      trustedUsers: { "org.example.*": [process.geteuid?.() ?? 0] },
    });
    const sources = createDBusSources({ config });
    for (const source of sources) stack.use(source);
    [here, far] = sources as [DBusSource, DBusSource];
  });

  afterEach(async () => {
    await stack.disposeAsync();
    vi.unstubAllEnvs();
  });

  const codeOf = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => "none",
      (error: unknown) => (isOpError(error) ? error.code : String(error)),
    );

  it("has tools of its own, which work as those of this machine do", async () => {
    await there.addLamp("/org/example/Lamp");
    const names = (await listTools(far)).map(({ name }) => name);
    expect(names.filter((name) => !name.startsWith("far_"))).toEqual([]);
    expect(names).toEqual(expect.arrayContaining(["far_dbus_read", "far_Lamp_Switch"]));
    expect((await listTools(here)).map(({ name }) => name)).toContain("user_Lamp_Switch");
    await callTool(far, "far_Lamp_Switch", { on: true });
    expect(there.state).toMatchObject({ isOn: true, switched: 1 });
    const told = await ssh.arguments();
    expect(told.slice(told.indexOf("-l"))).toEqual([
      "-l",
      "ada",
      "-p",
      "2222",
      "--",
      "lamps.example.org",
      "systemd-stdio-bridge",
    ]);
    const uri = "dbus://far/org.example.Lamp/org/example/Lamp";
    const who = { signal: new AbortController().signal, principal: contextOf().principal };
    const [contents] = await far.resources.read(uri, who);
    expect(contents).toMatchObject({ text: expect.stringContaining('"IsOn":true') });
  });

  it("says clearly that it is gone while those of this machine go on, and comes back", async () => {
    const lamp = await there.addLamp("/org/example/Lamp");
    const selection = { ...lamps, member: "Flickered" };
    const { cursor } = await callTool(far, "far_dbus_events", selection);
    await callTool(far, "far_dbus_act", switchOn);
    const listed = await listTools(far);
    await ssh.switchOff();
    await expect.poll(() => codeOf(callTool(far, "far_dbus_act", switchOn))).not.toBe("none");
    await expect(callTool(far, "far_Lamp_Switch", { on: false })).rejects.toMatchObject({
      code: "ERR_DBUS_UNAVAILABLE",
      message: expect.stringContaining('"far"'),
      retryable: true,
    });
    await callTool(here, "user_Lamp_Switch", { on: true });
    expect(await listTools(far)).toEqual(listed);
    const { switched } = there.state;
    await ssh.switchOn();
    await expect
      .poll(() => codeOf(callTool(far, "far_Lamp_properties")), { timeout: 10_000 })
      .toBe("none");
    expect(there.state.switched).toBe(switched);
    await callTool(far, "far_Lamp_Switch", { on: false });
    expect(there.state).toMatchObject({ isOn: false, switched: switched + 1 });
    await lamp.emit("Flickered", [7]);
    const page = await callTool(far, "far_dbus_events", {
      ...selection,
      cursor: cursor!,
      waitSeconds: 10,
    });
    expect(page["events"]).toMatchObject([{ args: { times: 7 } }]);
  });

  it("that is not there yet says why, and has its tools as soon as it is", async () => {
    await there.addLamp("/org/example/Lamp");
    await callTool(far, "far_dbus_services");
    await ssh.switchOff();
    const late = stack.use(createLate());
    await expect(callTool(late, "far_dbus_services")).rejects.toMatchObject({
      code: "ERR_DBUS_UNAVAILABLE",
      message: expect.stringContaining("No route to host"),
      retryable: true,
    });
    await ssh.switchOn();
    await callTool(late, "far_dbus_act", switchOn);
    expect(there.state.switched).toBe(1);
  });

  function createLate(): DBusSource {
    const hosts = [{ name: "far", ssh: "lamps.example.org" }];
    const config = DBusConfig.parse({
      system: "none",
      session: "none",
      hosts,
      trustedUsers: { "org.example.*": [process.geteuid?.() ?? 0] },
    });
    const [source] = createDBusSources({ config });
    return source!;
  }
});
