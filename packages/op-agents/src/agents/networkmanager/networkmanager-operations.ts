import {
  addConnection,
  confirmNetworkChange,
  connectionDown,
  connectionUp,
  modifyConnection,
} from "./change-connections.ts";
import { listConnections } from "./list-connections.ts";

/** Everything that the agent for NetworkManager does. */
export const networkManagerOperations = [
  listConnections,
  connectionUp,
  connectionDown,
  addConnection,
  modifyConnection,
  confirmNetworkChange,
] as const;
