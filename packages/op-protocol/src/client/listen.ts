import { isJsonObject, type Logger } from "op-core";
import { isModernRevision } from "../revisions/revision.ts";
import type { UpstreamConnection } from "./upstream-connection.ts";

const filters = {
  tools: "toolsListChanged",
  resources: "resourcesListChanged",
  prompts: "promptsListChanged",
} as const;

/**
 * Asks a server of the stateless era to tell when its lists change; in the handshake era servers tell unasked. Listening
 * that ends is not an error: what is missed shows with the next listing.
 */
export function listenForChanges(connection: UpstreamConnection, logger: Logger): void {
  const { revision, capabilities } = connection.profile;
  if (!isModernRevision(revision)) return;
  const wanted = Object.entries(filters).filter(([list]) => {
    const offered = capabilities[list];
    return isJsonObject(offered) && offered["listChanged"] === true;
  });
  if (wanted.length === 0) return;
  const notifications = Object.fromEntries(wanted.map(([, filter]) => [filter, true]));
  connection.request("subscriptions/listen", { notifications }, {}).catch((error: unknown) => {
    if (!connection.isClosed) logger.debug("an upstream tells no more changes", { error });
  });
}
