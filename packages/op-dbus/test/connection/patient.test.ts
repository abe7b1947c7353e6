import { expect, it } from "vitest";
import { listServices, openBusConnection } from "../../src/index.ts";
import { openDbusDaemon } from "../rig/dbus-daemon.ts";

const backoff = { initialMs: 5, maxMs: 20, factor: 2, jitter: 0 };

it("waits in the background for a bus that cannot be reached, and uses it when it is there", async () => {
  await using daemon = await openDbusDaemon();
  const { address } = daemon;
  await daemon.kill();
  await expect(openBusConnection({ address })).rejects.toMatchObject({ code: "ERR_DBUS_CONNECT" });
  await using bus = await openBusConnection({ address, backoff, isPatient: true });
  await expect(listServices(bus)).rejects.toMatchObject({
    code: "ERR_DBUS_DISCONNECTED",
    cause: { code: "ERR_DBUS_CONNECT" },
  });
  await daemon.start();
  await expect.poll(() => bus.uniqueName, { timeout: 10_000 }).toBeDefined();
  expect((await listServices(bus)).length).toBeGreaterThan(0);
});
