import { serveAgent } from "../../serving/index.ts";
import type { NetworkManagerArguments } from "./networkmanager-setting.ts";
import { serveNetworkManager } from "./serve-networkmanager.ts";

/** The host that starts this gives its own, checked settings as the first argument. */
const settings: NetworkManagerArguments = JSON.parse(process.argv[2] ?? "");

await using served = serveNetworkManager(settings);
await serveAgent({ operations: served.operations });
