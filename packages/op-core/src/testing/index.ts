/** What tests of packages that stand on op-core need. */
export { createManualClock, type ManualClock, type ManualClockOptions } from "./manual-clock.ts";
export {
  createRecordingTracer,
  type RecordedSpan,
  type RecordingTracer,
} from "./recording-tracer.ts";
