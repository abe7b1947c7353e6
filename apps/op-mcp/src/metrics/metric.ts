/** Labels of one series, by name. */
export type Labels = Readonly<Record<string, string>>;

/** What a metric is about. */
export interface MetricOptions {
  /** As Prometheus names things: the unit is its end, `_seconds` or `_bytes`, and a counter ends with `_total`. */
  readonly name: string;
  readonly help: string;
  readonly labelNames?: readonly string[];
  /** How many series it has at most; what comes later is counted under the label value `other`. */
  readonly maxSeries?: number;
}

/** One series of a metric, as it is now. */
export interface Series<Value> {
  readonly labels: Labels;
  readonly value: Value;
}

/** How many values of each size there were. */
export interface Distribution {
  /** Upper bounds, ascending. */
  readonly bounds: readonly number[];
  /** How many values lie in each bucket alone; the last one has no upper bound. */
  readonly counts: readonly number[];
  readonly sum: number;
}

interface Described {
  readonly name: string;
  readonly help: string;
}

/** One metric, for whatever way it is told. */
export type Metric = Described &
  (
    | { readonly type: "counter" | "gauge"; series(): Iterable<Series<number>> }
    | { readonly type: "histogram"; series(): Iterable<Series<Distribution>> }
  );

/** The label value of whatever is too much. */
const other = "other";

const defaultMaxSeries = 500;

/** Series by their labels, a bounded number. */
export class SeriesTable<Value> {
  readonly #labelNames: readonly string[];
  readonly #maxSeries: number;
  readonly #create: () => Value;
  readonly #series = new Map<string, Series<Value>>();

  constructor(
    { labelNames = [], maxSeries = defaultMaxSeries }: MetricOptions,
    create: () => Value,
  ) {
    this.#labelNames = labelNames;
    this.#maxSeries = maxSeries;
    this.#create = create;
  }

  /** The value of the series with these labels, or of the one that stands for all that are too many. */
  at(labels: Labels): Value {
    const known = this.#series.get(this.#keyOf(labels));
    if (known !== undefined) return known.value;
    if (this.#series.size < this.#maxSeries) return this.#add(labels);
    const rest = Object.fromEntries(this.#labelNames.map((name) => [name, other]));
    return this.#series.get(this.#keyOf(rest))?.value ?? this.#add(rest);
  }

  series(): Iterable<Series<Value>> {
    return this.#series.values();
  }

  /** Written out, because every call passes here several times. */
  #keyOf(labels: Labels): string {
    let key = "";
    for (const name of this.#labelNames) key += `${labels[name] ?? ""}\0`;
    return key;
  }

  #add(given: Labels): Value {
    const labels = Object.fromEntries(this.#labelNames.map((name) => [name, given[name] ?? ""]));
    const value = this.#create();
    this.#series.set(this.#keyOf(labels), { labels, value });
    return value;
  }
}
