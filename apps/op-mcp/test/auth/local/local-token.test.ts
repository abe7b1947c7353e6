import { chmodSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { silentLogger } from "op-core";
import { describe, expect, test } from "vitest";
import { localTokenMethod } from "../../../src/auth/local/local-token-method.ts";
import { openLocalToken } from "../../../src/auth/local/local-token.ts";
import { openTempFolder } from "../../secrets/temp-folder.ts";
import { from } from "../request.ts";

const signal = new AbortController().signal;
const user = { uid: 1000, groups: [1000, 27] };

describe("openLocalToken", () => {
  test("makes a token only its owner can read, and finds it again", async () => {
    await using folder = await openTempFolder();
    const stateDir = `${folder.path}/state`;
    const token = await openLocalToken({ stateDir, signal });
    const text = (await token.read({ signal })).reveal();
    expect(text).toMatch(/^opmcp_local_[0-9A-Za-z]{49}$/u);
    expect(readFileSync(token.path, "utf8")).toBe(`${text}\n`);
    expect(statSync(token.path).mode & 0o777).toBe(0o600);
    expect(statSync(stateDir).mode & 0o777).toBe(0o700);
    const again = await openLocalToken({ stateDir, signal });
    expect((await again.read({ signal })).reveal()).toBe(text);
  });

  test("gives all who start at once the same token, and leaves nothing else behind", async () => {
    await using folder = await openTempFolder();
    const opened = await Promise.all(
      Array.from({ length: 20 }, () => openLocalToken({ stateDir: folder.path, signal })),
    );
    const texts = await Promise.all(opened.map((token) => token.read({ signal })));
    expect(new Set(texts.map((secret) => secret.reveal())).size).toBe(1);
    expect(readdirSync(folder.path)).toEqual(["local-token"]);
  });

  test("sees a token that another process made anew", async () => {
    await using folder = await openTempFolder();
    const server = await openLocalToken({ stateDir: folder.path, signal });
    const old = (await server.read({ signal })).reveal();
    const cli = await openLocalToken({ stateDir: folder.path, signal });
    const rotated = (await cli.rotate({ signal })).reveal();
    expect(rotated).not.toBe(old);
    expect((await server.read({ signal })).reveal()).toBe(rotated);
    expect(statSync(server.path).mode & 0o777).toBe(0o600);
  });

  test("is not used when others can read it, or when it is something else", async () => {
    await using folder = await openTempFolder();
    const { path } = await openLocalToken({ stateDir: folder.path, signal });
    chmodSync(path, 0o644);
    await expect(openLocalToken({ stateDir: folder.path, signal })).rejects.toMatchObject({
      code: "ERR_SECRET_EXPOSED",
    });
    chmodSync(path, 0o600);
    for (const text of ["", "hunter2", `${readFileSync(path, "utf8").trimEnd()}x`]) {
      writeFileSync(path, text);
      await expect(openLocalToken({ stateDir: folder.path, signal })).rejects.toMatchObject({
        code: "ERR_AUTH_LOCAL_TOKEN",
        message: expect.not.stringContaining("hunter2"),
      });
    }
  });
});

describe("the local token", () => {
  test("lets in from this machine alone, as the user op-mcp runs as", async () => {
    await using folder = await openTempFolder();
    const token = await openLocalToken({ stateDir: folder.path, signal });
    const text = (await token.read({ signal })).reveal();
    const method = localTokenMethod({ token, user, logger: silentLogger });
    const principal = { id: "unix:uid=1000", scopes: [], groups: [1000, 27] };
    for (const peer of [
      from("127.0.0.1"),
      from("::1"),
      from("::ffff:127.0.0.1"),
      { kind: "unix" } as const,
    ]) {
      expect(await method.authenticate(text, peer, { signal })).toEqual({
        kind: "authenticated",
        principal,
        method: "local-token",
      });
    }
    for (const address of ["192.0.2.7", "::ffff:192.0.2.7", "2001:db8::1", "unknown"]) {
      expect(await method.authenticate(text, from(address), { signal })).toMatchObject({
        code: "invalid",
      });
    }
  });

  test("lets nobody in by another token, by the old one, or when its file is gone", async () => {
    await using folder = await openTempFolder();
    await using other = await openTempFolder();
    const token = await openLocalToken({ stateDir: folder.path, signal });
    const old = (await token.read({ signal })).reveal();
    const foreign = await openLocalToken({ stateDir: other.path, signal });
    const method = localTokenMethod({ token, user, logger: silentLogger });
    const codeOf = async (text: string) => {
      const result = await method.authenticate(text, from("127.0.0.1"), { signal });
      return result.kind === "refused" ? result.code : result.kind;
    };
    expect(await codeOf((await foreign.read({ signal })).reveal())).toBe("invalid");
    expect(await codeOf(`${old.slice(0, -1)}_`)).toBe("invalid");
    await token.rotate({ signal });
    expect(await codeOf(old)).toBe("invalid");
    rmSync(token.path);
    expect(await codeOf(old)).toBe("unavailable");
  });
});
