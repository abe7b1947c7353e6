import { OpError } from "op-core";

/** A destination of the audit log that means nothing. */
export class AuditDestinationError extends OpError {
  static readonly code = "ERR_AUDIT_DESTINATION";
  static readonly meaning =
    "The configuration names a destination of the audit log that nobody knows.";
  readonly code = AuditDestinationError.code;

  constructor(name: string) {
    // The text may be a URL with a password in it.
    super("A destination in audit.sinks or audit.witnesses cannot be used.", {
      advice:
        "Use journald, syslog, syslog://HOST:PORT, file:/absolute/path, or an http:// or https:// URL.",
      data: { scheme: name.slice(0, Math.max(0, name.indexOf(":"))) },
    });
  }
}

/** More logs than processes should ever run at once. */
export class AuditCrowdedError extends OpError {
  static readonly code = "ERR_AUDIT_CROWDED";
  static readonly meaning = "Every numbered audit log is being written by another op-mcp.";
  readonly code = AuditCrowdedError.code;

  constructor(root: string, count: number) {
    super(`All ${count} audit logs in ${root} are being written by other processes.`, {
      advice: "End some op-mcp processes, or give this one another audit.path.",
      data: { root, count },
    });
  }
}
