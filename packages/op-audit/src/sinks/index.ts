/** Destinations outside the log: for every entry as sinks, for the signed checkpoints as witnesses. */
export { messageLine } from "./audit-message.ts";
export type { AuditMessage, AuditSink, SinkWriteOptions } from "./audit-sink.ts";
export { createFanOutSink, type FanOutSink } from "./fan-out-sink.ts";
export { createFileSink, readWitnessFile } from "./file-sink.ts";
export { createHttpSink, type HttpSinkOptions } from "./http-sink.ts";
export { createJournaldSink, type JournaldSinkOptions } from "./journald-sink.ts";
export { createMemorySink, type MemorySink } from "./memory-sink.ts";
export type { SinkQueueOptions, SinkState } from "./sink-queue.ts";
export type { SyslogOrigin } from "./syslog-message.ts";
export { createSyslogSink, type SyslogSinkOptions } from "./syslog-sink.ts";
