import { openBusConnection } from "../../src/index.ts";
import { describeBusConnection } from "../../src/testing/index.ts";
import { openDbusDaemon } from "../rig/dbus-daemon.ts";

describeBusConnection("op-dbus", {
  openBus: () => openDbusDaemon(),
  openConnection: (address) => openBusConnection({ address }),
});
