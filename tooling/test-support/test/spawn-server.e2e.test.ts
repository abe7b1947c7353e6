import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { spawnServer } from "../src/spawn-server.ts";

const echo = `process.stdin.on("data", (chunk) => process.stdout.write(chunk));`;

function runNode(script: string) {
  return spawnServer(process.execPath, ["--eval", script]);
}

/** A zombie counts as dead: whether somebody collects it is up to the machine's first process. */
async function isAlive(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => ") Z");
  return !stat.includes(") Z");
}

test("talks line by line", async () => {
  await using server = await runNode(echo);
  server.send({ id: 1 });
  expect(await server.nextLine()).toBe('{"id":1}');
});

test("disposing kills a server that ignores every signal it can", async () => {
  const server = await runNode(`process.on("SIGTERM", () => {}); ${echo}`);
  server.send({});
  await server.nextLine();
  await server[Symbol.asyncDispose]();
  expect(await server.exited).toEqual({ code: null, signal: "SIGKILL" });
});

test("disposing kills what the server started", async () => {
  const server = await runNode(
    `const child = require("node:child_process").spawn("sleep", ["60"]); console.log(child.pid);`,
  );
  const grandchild = Number(await server.nextLine());
  await server[Symbol.asyncDispose]();
  await expect.poll(() => isAlive(grandchild)).toBe(false);
});

test("disposing twice, and after the server has left, does nothing", async () => {
  const server = await runNode("");
  expect(await server.exited).toEqual({ code: 0, signal: null });
  await server[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

test("waiting for a line tells what stderr said when the server ends instead", async () => {
  await using server = await runNode(`console.error("no such file"); process.exitCode = 3;`);
  await expect(server.nextLine()).rejects.toThrow(/ended \(3\)[^]*no such file/u);
});

test("a command that does not exist rejects", async () => {
  await expect(spawnServer("/nonexistent/command", [])).rejects.toThrow(/ENOENT/u);
});
