import { silentLogger, type Logger } from "op-core";
import { createManualClock } from "op-core/testing";
import { describe, expect, it } from "vitest";
import { closeInTime } from "../../src/wiring/close-in-time.ts";

function listen(): { told: string[]; logger: Logger } {
  const told: string[] = [];
  const info = (message: string): void => void told.push(message);
  return { told, logger: { ...silentLogger, info } };
}

const closing = (close: () => Promise<void>): AsyncDisposable => ({ [Symbol.asyncDispose]: close });

describe("closing in time", () => {
  it("waits for what is open, and leaves no timer behind", async () => {
    const clock = createManualClock();
    const { told, logger } = listen();
    const closed = Promise.withResolvers<void>();
    const over = closeInTime(
      closing(() => closed.promise),
      { clock, logger },
    );
    await clock.advance(999);
    expect(clock.pendingTimers).toBe(1);
    closed.resolve();
    await over;
    expect(clock.pendingTimers).toBe(0);
    expect(told).toEqual([]);
  });

  it("leaves behind what does not let go", async () => {
    const clock = createManualClock();
    const { told, logger } = listen();
    const over = closeInTime(
      closing(() => new Promise(() => undefined)),
      { clock, logger },
    );
    await clock.advance(1000);
    await over;
    expect(told).toEqual(["not everything closed cleanly"]);
  });

  it("tells what fails to close", async () => {
    const { told, logger } = listen();
    const clock = createManualClock();
    await closeInTime(
      closing(() => Promise.reject(new Error("stuck"))),
      { clock, logger },
    );
    expect(told).toEqual(["not everything closed cleanly"]);
  });
});
