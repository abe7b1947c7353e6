import type { AuthRefusalCode } from "../../auth/auth-result.ts";
import { createCounter } from "../../metrics/counter.ts";
import type { Metric } from "../../metrics/metric.ts";
import type { RouteName } from "../requests/route.ts";

/** Counts what comes and how it is answered. Labels come from closed sets, whatever clients send. */
export interface Traffic {
  readonly metrics: readonly Metric[];
  /** A status of 0 means that the client left before there was one. */
  answered(route: RouteName, status: number): void;
  refused(code: AuthRefusalCode): void;
  /** Something that came over a connection and was no HTTP. */
  broken(status: number): void;
}

/** Makes the counters. */
export function createTraffic(): Traffic {
  const requests = createCounter({
    name: "op_mcp_http_requests_total",
    help: "Requests over HTTP that ended, by route and status.",
    labelNames: ["route", "status"],
  });
  const refusals = createCounter({
    name: "op_mcp_authentication_failures_total",
    help: "Requests whose sender was not let in, by reason.",
    labelNames: ["reason"],
  });
  const broken = createCounter({
    name: "op_mcp_http_broken_requests_total",
    help: "Connections that were ended because what came was no HTTP, by status.",
    labelNames: ["status"],
  });
  return {
    metrics: [requests, refusals, broken],
    answered: (route, status) =>
      requests.add({ route, status: status === 0 ? "left" : String(status) }),
    refused: (reason) => refusals.add({ reason }),
    broken: (status) => broken.add({ status: String(status) }),
  };
}
