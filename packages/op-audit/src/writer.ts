/** What writing a log takes, and nothing that reads entries: it loads no schema library. */
export { AuditLockedError } from "./audit-error.ts";
export { openAuditKey, type AuditKey } from "./checkpoints/audit-key.ts";
export type { AuditLog } from "./log/audit-log.ts";
export { openAuditLog, type OpenAuditLogOptions } from "./log/open-audit-log.ts";
