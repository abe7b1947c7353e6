import type { Span, SpanAttributes, SpanOptions, TraceContext, Tracer } from "../span.ts";

/** A span as a test looks at it. */
export interface RecordedSpan {
  readonly name: string;
  readonly kind: string;
  /** The name of the span it is a part of, or the trace context it was begun under. */
  readonly parent: string | undefined;
  readonly attributes: SpanAttributes;
  readonly failure: string | undefined;
  readonly isEnded: boolean;
}

/** A tracer that keeps every span, in the order in which they began. */
export interface RecordingTracer extends Tracer {
  readonly spans: readonly RecordedSpan[];
}

class Recorded implements Span, RecordedSpan {
  readonly name: string;
  readonly kind: string;
  readonly parent: string | undefined;
  readonly traceId = "0af7651916cd43dd8448eb211c80319c";
  readonly spanId: string;
  readonly #spans: Recorded[];
  attributes: SpanAttributes;
  failure: string | undefined;
  isEnded = false;

  constructor(
    spans: Recorded[],
    { name, parent, ...options }: SpanOptions & { name: string; parent: string | undefined },
  ) {
    this.name = name;
    this.parent = parent;
    this.kind = options.kind ?? "internal";
    this.attributes = options.attributes ?? {};
    this.#spans = spans;
    this.spanId = spans.push(this).toString(16).padStart(16, "0");
  }

  get trace(): TraceContext {
    return { traceparent: `00-${this.traceId}-${this.spanId}-01` };
  }

  child(name: string, options: SpanOptions = {}): Span {
    return new Recorded(this.#spans, { ...options, name, parent: this.name });
  }

  set(attributes: SpanAttributes): void {
    this.attributes = { ...this.attributes, ...attributes };
  }

  fail(code: string): void {
    this.failure = code;
  }

  end(): void {
    this.isEnded = true;
  }
}

/** Makes a tracer that sends nothing anywhere. */
export function createRecordingTracer(): RecordingTracer {
  const spans: Recorded[] = [];
  return {
    spans,
    start: (name, { parent, ...options }) =>
      new Recorded(spans, { ...options, name, parent: parent?.traceparent }),
  };
}
