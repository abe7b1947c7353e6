import { silentLogger } from "op-core";
import { createManualClock } from "op-core/testing";
import { expect, it } from "vitest";
import { createServiceNotifier } from "../../../src/hosting/systemd/service-notifier.ts";

const pid = 7;

function setUp(env: Record<string, string>, fail = false) {
  const clock = createManualClock();
  const sent: (readonly string[])[] = [];
  const notifier = createServiceNotifier({
    env,
    pid,
    clock,
    logger: silentLogger,
    send: async (assignments) => {
      sent.push(assignments);
      if (fail) throw new Error("nobody listens");
      await Promise.resolve();
    },
  });
  return { clock, sent, notifier };
}

const socket = { NOTIFY_SOCKET: "/run/systemd/notify" };

it("says when it is ready, that it lives, and when it leaves, in this order", async () => {
  const { clock, sent, notifier } = setUp({ ...socket, WATCHDOG_USEC: "3000000" });
  await clock.advance(5000);
  expect(sent).toEqual([]);
  notifier.ready("Serving");
  await clock.advance(2000);
  notifier.stopping("Finishing\nREADY=0");
  await notifier[Symbol.asyncDispose]();
  await clock.advance(5000);
  expect(sent).toEqual([
    ["READY=1", "STATUS=Serving"],
    ["WATCHDOG=1"],
    ["WATCHDOG=1"],
    ["STOPPING=1", "STATUS=Finishing READY=0"],
  ]);
  expect(clock.pendingTimers).toBe(0);
});

it("has no watchdog to satisfy that is another process's", async () => {
  const env = { ...socket, WATCHDOG_USEC: "3000000", WATCHDOG_PID: "8" };
  const { clock, sent, notifier } = setUp(env);
  notifier.ready("Serving");
  await clock.advance(60_000);
  await notifier[Symbol.asyncDispose]();
  expect(sent).toHaveLength(1);
});

it("goes on when nobody hears it", async () => {
  const { sent, notifier } = setUp(socket, true);
  notifier.ready("Serving");
  notifier.status("Still there");
  await notifier[Symbol.asyncDispose]();
  expect(sent).toHaveLength(2);
});

it("says nothing where nobody asked", async () => {
  const { clock, sent, notifier } = setUp({ WATCHDOG_USEC: "3000000" });
  notifier.ready("Serving");
  await clock.advance(60_000);
  await notifier[Symbol.asyncDispose]();
  expect(sent).toEqual([]);
});
