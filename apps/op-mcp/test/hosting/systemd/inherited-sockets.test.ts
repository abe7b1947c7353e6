import { expect, it } from "vitest";
import { findInheritedSockets } from "../../../src/hosting/systemd/inherited-sockets.ts";
import { openHosted } from "../fixtures/hosted.ts";

it("finds the sockets that were meant for this process, with their names", () => {
  const env = { LISTEN_PID: "7", LISTEN_FDS: "2", LISTEN_FDNAMES: "web:admin" };
  expect(findInheritedSockets(env, 7)).toEqual([
    { fd: 3, name: "web" },
    { fd: 4, name: "admin" },
  ]);
});

it.each([
  {},
  { LISTEN_PID: "8", LISTEN_FDS: "1" },
  { LISTEN_PID: "7", LISTEN_FDS: "0" },
  { LISTEN_PID: "7", LISTEN_FDS: "-1" },
  { LISTEN_PID: "7", LISTEN_FDS: "many" },
  { LISTEN_PID: "7" },
])("finds none in %j", (env) => {
  expect(findInheritedSockets(env, 7)).toEqual([]);
});

it("refuses to start where systemd gave no socket of the name", async () => {
  const opening = openHosted({
    serve: { listeners: ["systemd:web"] },
    inherited: [{ fd: 3, name: "other" }],
  });
  await expect(opening).rejects.toMatchObject({ code: "ERR_LISTENER_INVALID" });
});
