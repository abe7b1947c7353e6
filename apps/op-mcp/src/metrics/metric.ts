/** Labels of one series, by name. */
export type Labels = Readonly<Record<string, string>>;

/** What a metric is about. */
export interface MetricOptions {
  readonly name: string;
  readonly help: string;
  readonly labelNames?: readonly string[];
  /** How many series it has at most; what comes later is counted under the label value `other`. */
  readonly maxSeries?: number;
}

/** The label value of whatever is too much. */
const other = "other";

const defaultMaxSeries = 500;

/** One metric as Prometheus reads it. */
export interface Metric {
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "gauge" | "histogram";
  /** The lines of all series, without those that describe the metric. */
  lines(): Iterable<string>;
}

/** Series by their labels, a bounded number. */
export class SeriesTable<Series> {
  readonly #labelNames: readonly string[];
  readonly #maxSeries: number;
  readonly #create: () => Series;
  readonly #series = new Map<string, Series>();

  constructor(
    { labelNames = [], maxSeries = defaultMaxSeries }: MetricOptions,
    create: () => Series,
  ) {
    this.#labelNames = labelNames;
    this.#maxSeries = maxSeries;
    this.#create = create;
  }

  /** The series with these labels, or the one that stands for all that are too many. */
  at(labels: Labels): Series {
    const key = this.#keyOf((name) => labels[name] ?? "");
    const known = this.#series.get(key);
    if (known !== undefined) return known;
    if (this.#series.size < this.#maxSeries) return this.#add(key);
    const rest = this.#keyOf(() => other);
    return this.#series.get(rest) ?? this.#add(rest);
  }

  /** Each series with its labels as they are written, without braces. */
  entries(): IterableIterator<readonly [string, Series]> {
    return this.#series.entries();
  }

  #add(key: string): Series {
    const series = this.#create();
    this.#series.set(key, series);
    return series;
  }

  #keyOf(valueOf: (name: string) => string): string {
    return this.#labelNames.map((name) => `${name}="${escapeLabel(valueOf(name))}"`).join(",");
  }
}

function escapeLabel(value: string): string {
  return value
    .replaceAll("\\", "\\\\")
    .replaceAll('"', String.raw`\"`)
    .replaceAll("\n", String.raw`\n`);
}

/** A sample's line. */
export function sampleLine(name: string, labels: string, value: number): string {
  return `${labels === "" ? name : `${name}{${labels}}`} ${formatValue(value)}`;
}

function formatValue(value: number): string {
  if (value === Infinity) return "+Inf";
  return value === -Infinity ? "-Inf" : String(value);
}
