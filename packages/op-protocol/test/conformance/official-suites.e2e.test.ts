import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openFixtureServer, type FixtureServer } from "../../conformance/fixture-server.ts";
import { runSuite } from "../../conformance/run-suite.ts";
import { listSuites } from "../../conformance/suites.ts";

const suites = await listSuites("server");

describe("the official conformance suites, over HTTP", () => {
  let server: FixtureServer;
  beforeAll(async () => {
    server = await openFixtureServer();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it("require what is known of them", () => {
    expect(suites.map(({ required }) => required.length)).toEqual([30, 37, 32]);
  });

  it.each(suites)(
    "pass in the $name",
    async (suite) => {
      const { problems, checks } = await runSuite(suite, server.url);
      expect(problems).toEqual([]);
      expect(checks).toBeGreaterThanOrEqual(40);
    },
    120_000,
  );
});
