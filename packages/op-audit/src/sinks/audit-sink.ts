import type { AuditRecord } from "../entry/audit-entry.ts";

/** What a sink is sent: an entry that is durable, one that could not be made so, or a signed checkpoint. */
export type AuditMessage =
  | {
      readonly kind: "entry";
      /** The record; its place in the log is missing if it could not be written there. */
      readonly entry: AuditRecord & { readonly seq?: number };
      /** The same as one line of JSON, without the newline. */
      readonly text: string;
    }
  | {
      readonly kind: "checkpoint";
      readonly at: string;
      readonly size: number;
      readonly text: string;
    };

/** What sending takes. */
export interface SinkWriteOptions {
  readonly signal?: AbortSignal | undefined;
}

/**
 * A destination outside the log. As one of a log's sinks it gets every entry; as one of its witnesses it gets the
 * checkpoints, and so can prove later that the log was shortened, replaced or removed.
 */
export interface AuditSink extends AsyncDisposable {
  readonly name: string;
  /** Resolves when the destination has taken all of them. Throws `ERR_AUDIT_SINK`; some may have arrived then. */
  write(messages: readonly AuditMessage[], options?: SinkWriteOptions): Promise<void>;
}
