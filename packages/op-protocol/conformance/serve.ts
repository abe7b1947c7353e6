/** Serves the fixtures, for whoever wants to stand between them and the suite: over stdio, or with `http` at the URL it prints. */
import { createMcpServer, createStreamTransport } from "../src/index.ts";
import { fixtureHost } from "./fixture-host.ts";
import { openFixtureServer } from "./fixture-server.ts";

const { stdin: input, stdout: output } = process;
const principal = { id: "conformance", scopes: [] };
if (process.argv[2] === "http") {
  await using fixtures = await openFixtureServer();
  output.write(`${fixtures.url}\n`);
  input.resume();
  await new Promise((resolve) => input.once("close", resolve));
} else {
  await using server = createMcpServer({ host: fixtureHost });
  server.connect(createStreamTransport({ input, output }), principal);
  await new Promise((resolve) => input.once("close", resolve));
}
