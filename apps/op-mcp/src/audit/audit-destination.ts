import { isAbsolute } from "node:path";
import type { AuditSink } from "op-audit";
import {
  createFileSink,
  createHttpSink,
  createJournaldSink,
  createSyslogSink,
} from "op-audit/sinks";
import { AuditDestinationError } from "./audit-settings-error.ts";

const identifier = "op-mcp";

/** Opens what a destination's name in the configuration means. Throws `ERR_AUDIT_DESTINATION` for any other text. */
export function openDestination(name: string): AuditSink {
  if (name === "journald") return createJournaldSink({ identifier });
  if (name === "syslog") return syslogTo({ transport: "unix", path: "/dev/log" });
  if (name.startsWith("file:") && isAbsolute(name.slice("file:".length))) {
    return createFileSink({ path: name.slice("file:".length) });
  }
  const url = URL.parse(name);
  if (url?.protocol === "https:" || url?.protocol === "http:") return createHttpSink({ url });
  if (url?.protocol === "syslog:" && url.hostname !== "") {
    return syslogTo({ transport: "tcp", host: url.hostname, port: Number(url.port || "601") });
  }
  throw new AuditDestinationError(name);
}

function syslogTo(to: Parameters<typeof createSyslogSink>[0]["to"]): AuditSink {
  return createSyslogSink({ to, appName: identifier });
}
