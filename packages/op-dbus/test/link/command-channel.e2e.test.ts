import { existsSync, readlinkSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { openBusConnection, sshBusCommand, type BusCommand } from "../../src/index.ts";
import { describeBusConnection } from "../../src/testing/index.ts";
import { openDbusDaemon } from "../rig/dbus-daemon.ts";

const driver = {
  destination: "org.freedesktop.DBus",
  path: "/org/freedesktop/DBus",
  interface: "org.freedesktop.DBus",
};
const bridge = "/usr/bin/systemd-stdio-bridge";
const isBridgeMissing = !existsSync(bridge);
const isSshMissing = !existsSync("/usr/bin/ssh");

function toBridge(address: string): BusCommand {
  return { file: bridge, args: ["--bus-path", address] };
}

/** An executable that does what a shell script says. */
async function createScript(
  stack: AsyncDisposableStack,
  lines: readonly string[],
): Promise<{ readonly file: string; readonly directory: string }> {
  const directory = await mkdtemp(join(tmpdir(), "op-dbus-ssh-"));
  stack.defer(() => rm(directory, { recursive: true, force: true }));
  const file = join(directory, "ssh");
  await writeFile(file, ["#!/bin/sh", ...lines, ""].join("\n"), { mode: 0o755 });
  return { file, directory };
}

/** A process that has ended but that nobody has taken note of has no program any more. */
function isRunning(pid: number): boolean {
  try {
    readlinkSync(`/proc/${pid}/exe`);
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(isBridgeMissing)("through systemd-stdio-bridge", () => {
  describeBusConnection("a command", {
    openBus: () => openDbusDaemon(),
    openConnection: (address) => openBusConnection({ command: toBridge(address) }),
  });

  it("the bus of another machine is reached by ssh", async () => {
    await using stack = new AsyncDisposableStack();
    const daemon = stack.use(await openDbusDaemon());
    const { file: ssh, directory } = await createScript(stack, [
      `printf '%s\\n' "$@" > "$(dirname "$0")/args"`,
      `exec ${bridge} --bus-path '${daemon.address}'`,
    ]);
    const command = sshBusCommand({ host: "other.example.com", user: "ada", ssh });
    await using bus = await openBusConnection({ command });
    const { body } = await bus.call({
      ...driver,
      member: "GetNameOwner",
      signature: "s",
      body: [driver.destination],
    });
    expect(body).toEqual([driver.destination]);
    const args = await readFile(join(directory, "args"), "utf8");
    expect(args.trim().split("\n")).toEqual(command.args);
  });

  it("the program is gone when the connection is", async () => {
    await using stack = new AsyncDisposableStack();
    const daemon = stack.use(await openDbusDaemon());
    const lines = [`echo $$ > "$(dirname "$0")/pid"`, `exec ${bridge} --bus-path "$1"`];
    const { file, directory } = await createScript(stack, lines);
    const bus = await openBusConnection({ command: { file, args: [daemon.address] } });
    const pid = Number(await readFile(join(directory, "pid"), "utf8"));
    expect(isRunning(pid)).toBe(true);
    await bus[Symbol.asyncDispose]();
    await vi.waitFor(() => expect(isRunning(pid)).toBe(false), 4000);
  });

  it("a megabyte passes in both directions", async () => {
    await using daemon = await openDbusDaemon();
    await using near = await openBusConnection({ command: toBridge(daemon.address) });
    await using far = await openBusConnection({ command: toBridge(daemon.address) });
    using _serving = far.serve(({ signature, body }) => Promise.resolve({ signature, body }));
    const bytes = new Uint8Array(1 << 20).fill(7);
    const call = { path: "/a", interface: "a.b", member: "C", signature: "ay", body: [bytes] };
    const reply = await near.call({ ...call, destination: far.uniqueName ?? "" });
    expect(reply.body).toEqual([bytes]);
  });
});

describe("a command that leads nowhere", () => {
  it("says what it complained about", async () => {
    await using stack = new AsyncDisposableStack();
    const lines = ["echo 'ssh: connect to host gone port 22: No route to host' >&2", "exit 255"];
    const { file: ssh } = await createScript(stack, lines);
    const opening = openBusConnection({ command: sshBusCommand({ host: "gone", ssh }) });
    await expect(opening).rejects.toMatchObject({
      code: "ERR_DBUS_CONNECT",
      retryable: true,
      message: expect.stringMatching(/ended with exit code 255.*No route to host/),
    });
  });

  it("may complain a lot, of which the end is kept", async () => {
    await using stack = new AsyncDisposableStack();
    const lines = ["head -c 1000000 /dev/zero | tr '\\0' x >&2", "echo the end >&2", "exit 1"];
    const { file } = await createScript(stack, lines);
    const opening = openBusConnection({ command: { file, args: [] } });
    const error = await opening.catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      message: expect.stringContaining("the end"),
      cause: { code: "ERR_DBUS_COMMAND" },
    });
    expect(JSON.stringify(error).length).toBeLessThan(4000);
  });

  it("may not be there", async () => {
    const opening = openBusConnection({ command: { file: "/nowhere/ssh", args: [] } });
    await expect(opening).rejects.toThrow(/ENOENT/);
  });

  it.skipIf(isSshMissing)("is told from a machine that refuses", async () => {
    const opening = openBusConnection({ command: sshBusCommand({ host: "127.0.0.1", port: 1 }) });
    await expect(opening).rejects.toThrow(/Connection refused/);
  });

  it("is ended with everything it started, when the time is over", async () => {
    await using stack = new AsyncDisposableStack();
    const { file, directory } = await createScript(stack, [
      "trap '' TERM HUP PIPE",
      `sh -c 'trap "" TERM HUP; echo $$ > "$0/inner"; while :; do sleep 1; done' "$(dirname "$0")" &`,
      `echo $$ > "$(dirname "$0")/outer"`,
      "while :; do sleep 1; done",
    ]);
    const opening = openBusConnection({ command: { file, args: [] }, connectTimeoutMs: 300 });
    await expect(opening).rejects.toThrow(/longer than 300 ms/);
    for (const name of ["inner", "outer"]) {
      const pid = Number(await readFile(join(directory, name), "utf8"));
      await vi.waitFor(() => expect(isRunning(pid)).toBe(false), 4000);
    }
  });
});
