import * as network from "../../network/index.ts";
import type { InterfaceShape } from "../../proxy/interface-shape.ts";
import * as systemd from "../../systemd/index.ts";

/** Interfaces that this program knows by itself, for services that do not run and have no file that describes them. */
export const knownShapes: readonly InterfaceShape[] = [
  systemd.systemdManager,
  systemd.systemdUnit,
  systemd.systemdService,
  systemd.systemdJob,
  systemd.hostnamed,
  systemd.timedated,
  systemd.localed,
  systemd.logindManager,
  network.networkManager,
  network.networkManagerDevice,
  network.networkManagerConnection,
  network.networkManagerSettings,
  network.resolvedManager,
];
