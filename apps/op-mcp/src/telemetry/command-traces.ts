import { failureCode, type Span, type TraceContext } from "op-core";
import type { Environment } from "../config/environment.ts";
import { FirstUse } from "../lazy/first-use.ts";
import { endpointOf } from "./endpoint-of.ts";
import { openTelemetry, type OpenTelemetryOptions, type Telemetry } from "./open-telemetry.ts";

/**
 * The calls of one command in spans, under the trace that `TRACEPARENT` names, as whatever started the command sets it.
 * Nothing is opened before the first call. Metrics are not sent: a process of one call has nothing to count. Disposing
 * it sends what is left.
 */
export class CommandTraces implements AsyncDisposable {
  /** Whether calls are seen in a trace. */
  readonly isSending: boolean;
  readonly #telemetry: FirstUse<Telemetry>;
  readonly #parent: TraceContext | undefined;

  constructor(options: OpenTelemetryOptions) {
    const config = { ...options.config, metrics: false };
    this.isSending = endpointOf(config, "traces") !== undefined;
    this.#telemetry = new FirstUse(() => openTelemetry({ ...options, config }));
    this.#parent = traceIn(options.env);
  }

  /** Does a call of the tool, inside a span where that is sent. */
  async around<T>(tool: string, call: (span: Span | undefined) => Promise<T>): Promise<T> {
    if (!this.isSending) return await call(undefined);
    const { tracer } = await this.#telemetry.get();
    const span = tracer?.start(`call ${tool}`, {
      attributes: { "gen_ai.tool.name": tool, "op_mcp.transport": "cli" },
      ...(this.#parent === undefined ? {} : { parent: this.#parent }),
    });
    try {
      return await call(span);
    } catch (error) {
      span?.fail(failureCode(error));
      throw error;
    } finally {
      span?.end();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const telemetry = await this.#telemetry.opened();
    await telemetry?.[Symbol.asyncDispose]();
  }
}

function traceIn({ TRACEPARENT: traceparent, TRACESTATE: tracestate }: Environment) {
  if (traceparent === undefined || traceparent === "") return undefined;
  return tracestate === undefined ? { traceparent } : { traceparent, tracestate };
}
