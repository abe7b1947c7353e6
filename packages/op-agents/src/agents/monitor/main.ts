import { serveAgent } from "../../serving/index.ts";
import { toServed } from "../operation/agent-operation.ts";
import { openSampler } from "./history/open-sampler.ts";
import { monitorOperations } from "./monitor-operations.ts";
import type { MonitorArguments } from "./monitor-setting.ts";

/** The host that starts this gives its own, checked settings as the first argument. */
const settings: MonitorArguments = JSON.parse(process.argv[2] ?? "");

using sampler = openSampler(settings);
await serveAgent({
  operations: Object.fromEntries(
    monitorOperations.map((operation) => [operation.name, toServed(operation, { sampler })]),
  ),
  onHost: ({ log }) =>
    sampler.onAlert((event) => {
      const { kind, what, value, threshold } = event;
      const isRaised = kind === "raised";
      const message = isRaised ? `${what} is over its threshold` : `${what} is well again`;
      log(isRaised ? "warn" : "info", message, { alert: kind, what, value, threshold });
    }),
});
