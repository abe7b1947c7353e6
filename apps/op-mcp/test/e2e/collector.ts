import { createServer, type Server } from "node:http";
import { gunzipSync } from "node:zlib";

/** A span as it arrived. */
export interface ArrivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly status?: { readonly code?: number };
}

/** A point of a metric as it arrived. */
export interface ArrivedPoint {
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly asDouble?: number;
  readonly count?: string | number;
}

interface Attribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/** One request that came to the collector. */
export interface Delivery {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

function toRecord(attributes: readonly Attribute[] = []): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}

/** A collector of OpenTelemetry on loopback, which understands JSON and keeps what arrives. */
export class Collector implements AsyncDisposable {
  readonly deliveries: Delivery[] = [];
  readonly #server: Server;
  #waiting: (() => void)[] = [];

  private constructor(isAnswering: boolean) {
    this.#server = createServer((req, res) => {
      const chunks: Buffer[] = [];
      req.on("data", (chunk: Buffer) => void chunks.push(chunk));
      req.on("end", () => {
        const sent = Buffer.concat(chunks);
        const body = req.headers["content-encoding"] === "gzip" ? gunzipSync(sent) : sent;
        const delivery = { path: req.url ?? "", headers: req.headers };
        this.deliveries.push({ ...delivery, body: body.toString("latin1") });
        for (const wake of this.#waiting.splice(0)) wake();
        if (isAnswering) res.writeHead(200, { "content-type": "application/json" }).end("{}");
      });
    });
  }

  static async open({ isAnswering = true } = {}): Promise<Collector> {
    const collector = new Collector(isAnswering);
    await new Promise<void>((resolve) => collector.#server.listen(0, "127.0.0.1", resolve));
    return collector;
  }

  get url(): string {
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
  }

  /** Everything of one resource that arrived, as JSON. */
  resources(): readonly Readonly<Record<string, unknown>>[] {
    return this.#parsed().map(({ resource }) => toRecord(resource?.attributes));
  }

  spans(): readonly ArrivedSpan[] {
    return this.#parsed().flatMap(({ scopeSpans = [] }) =>
      scopeSpans.flatMap(({ spans }) =>
        spans.map((span) => ({ ...span, attributes: toRecord(span.attributes) })),
      ),
    );
  }

  /** The newest points of a metric. */
  points(name: string): readonly ArrivedPoint[] {
    const all = this.#parsed().flatMap(({ scopeMetrics = [] }) =>
      scopeMetrics.flatMap(({ metrics }) => metrics.filter((metric) => metric.name === name)),
    );
    const { sum, gauge, histogram } = all.at(-1) ?? {};
    const { dataPoints = [] } = sum ?? gauge ?? histogram ?? {};
    return dataPoints.map((point) => ({ ...point, attributes: toRecord(point.attributes) }));
  }

  /** Resolves when something more has arrived. */
  arrival(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #parsed(): readonly Parsed[] {
    return this.deliveries.flatMap(({ body }) => {
      const { resourceSpans = [], resourceMetrics = [] }: Document = JSON.parse(body);
      return [...resourceSpans, ...resourceMetrics];
    });
  }
}

interface Raw {
  readonly attributes?: readonly Attribute[];
}

interface Parsed {
  readonly resource?: Raw;
  readonly scopeSpans?: readonly {
    readonly spans: readonly (Omit<ArrivedSpan, "attributes"> & Raw)[];
  }[];
  readonly scopeMetrics?: readonly { readonly metrics: readonly RawMetric[] }[];
}

interface RawPoints {
  readonly dataPoints?: readonly (Omit<ArrivedPoint, "attributes"> & Raw)[];
}

interface RawMetric {
  readonly name: string;
  readonly sum?: RawPoints;
  readonly gauge?: RawPoints;
  readonly histogram?: RawPoints;
}

interface Document {
  readonly resourceSpans?: readonly Parsed[];
  readonly resourceMetrics?: readonly Parsed[];
}
