import { describe, expect, it } from "vitest";
import { createCounter } from "../../src/metrics/counter.ts";
import { createGauge } from "../../src/metrics/observed.ts";
import { createHistogram } from "../../src/metrics/histogram.ts";
import { renderMetrics } from "../../src/metrics/render-metrics.ts";

describe("metrics", () => {
  it("are written as Prometheus reads them", () => {
    const calls = createCounter({ name: "calls_total", help: "Calls.", labelNames: ["tool"] });
    calls.add({ tool: 'a "b"\n\\' });
    calls.add({ tool: "c" }, 2);
    const open = createGauge({ name: "open", help: "Open." }, () => [[{}, 3]]);
    const took = createHistogram({ name: "took", help: "Took." }, [0.1, 1]);
    took.observe({}, 0.1);
    took.observe({}, 5);
    expect(renderMetrics([calls, open, took])).toBe(`# HELP calls_total Calls.
# TYPE calls_total counter
calls_total{tool="a \\"b\\"\\n\\\\"} 1
calls_total{tool="c"} 2
# HELP open Open.
# TYPE open gauge
open 3
# HELP took Took.
# TYPE took histogram
took_bucket{le="0.1"} 1
took_bucket{le="1"} 1
took_bucket{le="+Inf"} 2
took_sum 5.1
took_count 2
`);
  });

  it("have a bounded number of series, and lose no count", () => {
    const options = { name: "n", help: "N.", labelNames: ["who"], maxSeries: 2 };
    const counter = createCounter(options);
    for (const who of ["a", "b", "c", "d", "a"]) counter.add({ who });
    expect([...counter.series()]).toEqual([
      { labels: { who: "a" }, value: 2 },
      { labels: { who: "b" }, value: 1 },
      { labels: { who: "other" }, value: 2 },
    ]);
  });
});
