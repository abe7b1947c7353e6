import { serveAgent } from "../../serving/index.ts";
import { serveSystemd } from "./serve-systemd.ts";
import type { SystemdArguments } from "./systemd-setting.ts";

/** The host that starts this gives its own, checked settings as the first argument. */
const settings: SystemdArguments = JSON.parse(process.argv[2] ?? "");

await using served = serveSystemd(settings);
await serveAgent({ operations: served.operations });
