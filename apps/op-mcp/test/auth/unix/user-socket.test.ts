import { spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, readdirSync, renameSync, statSync, writeFileSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { unixSocketMethod } from "../../../src/auth/unix/unix-socket-method.ts";
import { identifySocket, openUserSocket } from "../../../src/auth/unix/user-socket.ts";
import { openTempFolder } from "../../secrets/temp-folder.ts";

const signal = new AbortController().signal;
const uid = process.geteuid?.() ?? -1;

/** Only root can be somebody else, and only where others may run this Node. */
const canBeOthers =
  uid === 0 && spawnSync(process.execPath, ["-e", ""], { uid: 65_534, cwd: "/" }).status === 0;

function greeter(): Server {
  return createServer((socket) => {
    socket.on("error", () => undefined);
    socket.end("hello");
  });
}

async function greetingOf(path: string): Promise<string> {
  const socket = connect(path);
  let text = "";
  socket.on("data", (chunk) => {
    text += chunk.toString();
  });
  await once(socket, "close");
  return text;
}

/** What happens when another user connects. */
async function connectAs(user: number, path: string): Promise<string> {
  const script = `require("node:net").connect(${JSON.stringify(path)}).on("data", (d) => process.stdout.write(d)).on("error", (e) => process.stdout.write(e.code))`;
  const child = spawn(process.execPath, ["-e", script], {
    uid: user,
    gid: user,
    cwd: "/",
    env: {},
  });
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => {
    text += chunk.toString();
  });
  child.on("error", () => undefined);
  await once(child, "close");
  return text;
}

describe("a socket for one user", () => {
  test("lets that user in, as itself", async () => {
    await using folder = await openTempFolder();
    const path = join(folder.path, "run", "op-mcp.sock");
    await using socket = await openUserSocket({ server: greeter(), path, signal });
    expect(await greetingOf(path)).toBe("hello");
    expect(socket.user.uid).toBe(uid);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder.path, "run"))).toEqual(["op-mcp.sock"]);
    expect(unixSocketMethod().identify({ kind: "unix", user: socket.user })).toMatchObject({
      kind: "authenticated",
      principal: { id: `unix:uid=${uid}` },
    });
    expect(unixSocketMethod().identify({ kind: "unix" })).toBeUndefined();
  });

  test.runIf(canBeOthers)("keeps every other user out, by the kernel", async () => {
    await using folder = await openTempFolder();
    chmodSync(folder.path, 0o755);
    const path = join(folder.path, "op-mcp.sock");
    await using socket = await openUserSocket({ server: greeter(), path, uid: 65_534, signal });
    expect(socket.user.uid).toBe(65_534);
    expect(await connectAs(65_534, path)).toBe("hello");
    expect(await connectAs(12_345, path)).toBe("EACCES");
  });

  test("is gone when it is disposed", async () => {
    await using folder = await openTempFolder();
    const path = join(folder.path, "op-mcp.sock");
    const server = greeter();
    const socket = await openUserSocket({ server, path, signal });
    await socket[Symbol.asyncDispose]();
    expect(existsSync(path)).toBe(false);
    expect(server.listening).toBe(false);
  });

  test("replaces what a process that is gone left behind, and nothing else", async () => {
    await using folder = await openTempFolder();
    const path = join(folder.path, "op-mcp.sock");
    const leftover = createServer();
    leftover.listen(join(folder.path, "made"));
    await once(leftover, "listening");
    renameSync(join(folder.path, "made"), path);
    leftover.close();
    await once(leftover, "close");
    {
      await using _socket = await openUserSocket({ server: greeter(), path, signal });
      await expect(openUserSocket({ server: greeter(), path, signal })).rejects.toMatchObject({
        code: "ERR_AUTH_USER_SOCKET",
        message: expect.stringContaining("somebody listens on it already"),
      });
      expect(await greetingOf(path)).toBe("hello");
    }
    writeFileSync(path, "precious");
    await expect(openUserSocket({ server: greeter(), path, signal })).rejects.toMatchObject({
      code: "ERR_AUTH_USER_SOCKET",
    });
    expect(existsSync(path)).toBe(true);
  });

  test("identifies nobody once others may connect", async () => {
    await using folder = await openTempFolder();
    const path = join(folder.path, "op-mcp.sock");
    await using _socket = await openUserSocket({ server: greeter(), path, signal });
    for (const [mode, user] of [
      [0o600, uid],
      [0o644, uid],
      [0o660, undefined],
      [0o602, undefined],
      [0o777, undefined],
    ] as const) {
      chmodSync(path, mode);
      expect((await identifySocket(path, signal))?.uid, mode.toString(8)).toBe(user);
    }
  });
});
