/**
 * What the official suite starts as a client: hands the scenario to the one that waits behind the socket, and leaves as
 * it says. So that dozens of scenarios load the aggregator once.
 */
import { connect } from "node:net";
import { text } from "node:stream/consumers";

const [socket = "", url = ""] = process.argv.slice(2);
const {
  MCP_CONFORMANCE_SCENARIO: name = "",
  MCP_CONFORMANCE_PROTOCOL_VERSION: revision = "",
  MCP_CONFORMANCE_CONTEXT: context = "{}",
} = process.env;
const service = connect(socket);
service.end(JSON.stringify({ name, revision, url, context: JSON.parse(context) }));
const problem = await text(service);
if (problem !== "") {
  process.stderr.write(`${problem}\n`);
  process.exitCode = 1;
}
