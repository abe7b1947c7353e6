import {
  ROOT_CONTEXT,
  SpanKind as OtelSpanKind,
  SpanStatusCode,
  trace as traces,
  TraceFlags,
  type Context,
  type Span as OtelSpan,
  type TextMapGetter,
  type Tracer as OtelTracer,
} from "@opentelemetry/api";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import type { Span, SpanAttributes, SpanKind, SpanOptions, TraceContext, Tracer } from "op-core";

const kinds: Readonly<Record<SpanKind, OtelSpanKind>> = {
  server: OtelSpanKind.SERVER,
  client: OtelSpanKind.CLIENT,
  internal: OtelSpanKind.INTERNAL,
};

const propagator = new W3CTraceContextPropagator();

const getter: TextMapGetter<TraceContext> = {
  keys: (carrier) => Object.keys(carrier),
  get: ({ traceparent, tracestate }, key) => (key === "traceparent" ? traceparent : tracestate),
};

/** A span of OpenTelemetry behind our port. */
class TracedSpan implements Span {
  readonly #tracer: OtelTracer;
  readonly #span: OtelSpan;
  readonly #context: Context;

  constructor(
    tracer: OtelTracer,
    { name, kind = "internal", attributes = {} }: SpanOptions & { readonly name: string },
    parent: Context,
  ) {
    this.#tracer = tracer;
    this.#span = tracer.startSpan(name, { kind: kinds[kind], attributes }, parent);
    this.#context = traces.setSpan(parent, this.#span);
  }

  get traceId(): string {
    return this.#span.spanContext().traceId;
  }

  get spanId(): string {
    return this.#span.spanContext().spanId;
  }

  get trace(): TraceContext {
    const { traceId, spanId, traceFlags, traceState } = this.#span.spanContext();
    const flags = traceFlags & TraceFlags.SAMPLED ? "01" : "00";
    const traceparent = `00-${traceId}-${spanId}-${flags}`;
    const tracestate = traceState?.serialize() ?? "";
    return tracestate === "" ? { traceparent } : { traceparent, tracestate };
  }

  child(name: string, options: SpanOptions = {}): Span {
    return new TracedSpan(this.#tracer, { ...options, name }, this.#context);
  }

  set(attributes: SpanAttributes): void {
    this.#span.setAttributes(attributes);
  }

  fail(code: string): void {
    this.#span.setStatus({ code: SpanStatusCode.ERROR }).setAttribute("error.type", code);
  }

  end(): void {
    this.#span.end();
  }
}

/** Makes spans of OpenTelemetry for whoever knows only our port. */
export function createOtelTracer(tracer: OtelTracer): Tracer {
  return {
    start: (name, { parent, ...options }) => {
      const above =
        parent === undefined ? ROOT_CONTEXT : propagator.extract(ROOT_CONTEXT, parent, getter);
      return new TracedSpan(tracer, { ...options, name }, above);
    },
  };
}
