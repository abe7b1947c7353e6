import { serveAgent } from "../../serving/index.ts";
import { toServed } from "../operation/agent-operation.ts";
import { networkOperations } from "./network-operations.ts";

await serveAgent({
  operations: Object.fromEntries(
    networkOperations.map((operation) => [operation.name, toServed(operation, undefined)]),
  ),
});
