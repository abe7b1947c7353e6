/** Typed proxies for NetworkManager and systemd-resolved. */
export {
  networkManager,
  networkManagerConnection,
  networkManagerDevice,
  networkManagerSettings,
} from "./networkmanager.ts";
export {
  createNetworkConnection,
  createNetworkDevice,
  createNetworkManager,
  createNetworkSettings,
  createResolvedManager,
} from "./network-proxies.ts";
export { resolvedManager } from "./resolved.ts";
