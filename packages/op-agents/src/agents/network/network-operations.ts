import { checkConnectivity } from "./check-connectivity.ts";
import { listInterfaces } from "./list-interfaces.ts";
import { listNeighbours } from "./list-neighbours.ts";
import { listRoutes } from "./list-routes.ts";
import { listSockets } from "./list-sockets.ts";
import { resolveName } from "./resolve-name.ts";

/** Everything that the agent for the network does: it only looks. */
export const networkOperations = [
  listInterfaces,
  listRoutes,
  listNeighbours,
  listSockets,
  resolveName,
  checkConnectivity,
] as const;
