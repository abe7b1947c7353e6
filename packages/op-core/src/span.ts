import { isOpError } from "./op-error.ts";

/** Where a piece of work belongs in a trace, as W3C Trace Context writes it. */
export interface TraceContext {
  readonly traceparent: string;
  readonly tracestate?: string;
}

/** Facts about a piece of work: names and numbers, never what was said, nor anything secret. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

/** What a piece of work is to others: asked for from outside, asking somebody outside, or neither. */
export type SpanKind = "server" | "client" | "internal";

/** How a span begins. */
export interface SpanOptions {
  readonly kind?: SpanKind;
  readonly attributes?: SpanAttributes;
}

/** One piece of work as a trace shows it. */
export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  /** What somebody who is asked for a part of the work is told, so that their spans come under this one. */
  readonly trace: TraceContext;
  /** Begins a part of this work. */
  child(name: string, options?: SpanOptions): Span;
  set(attributes: SpanAttributes): void;
  /** Says that the work failed, and by which code; one of a bounded set. */
  fail(code: string): void;
  /** Ends it; what is said later is lost. */
  end(): void;
}

/** The port through which work that nobody else's span is above becomes visible. */
export interface Tracer {
  /** Begins a span, under the one that `parent` names; what is no trace context names none. */
  start(name: string, options: SpanOptions & { readonly parent?: TraceContext }): Span;
}

/** What a part of some work is. */
export interface SpanPart extends SpanOptions {
  readonly name: string;
}

/** Does a part of some work in a span of its own. Where nothing is traced, it is only done. */
export async function inSpan<R>(
  parent: Span | undefined,
  { name, ...options }: SpanPart,
  work: (span: Span | undefined) => Promise<R>,
): Promise<R> {
  if (parent === undefined) return await work(undefined);
  const span = parent.child(name, options);
  try {
    return await work(span);
  } catch (error) {
    span.fail(failureCode(error));
    throw error;
  } finally {
    span.end();
  }
}

/** The code of an expected error, and of any other what kind it is: never what it says. */
export function failureCode(error: unknown): string {
  if (isOpError(error)) return error.code;
  return error instanceof Error ? error.name : "unknown";
}
