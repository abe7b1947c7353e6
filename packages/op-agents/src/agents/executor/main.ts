import { serveAgent, type Operation } from "../../serving/index.ts";
import type { ExecutorSettings } from "./execute-command.ts";

/** The host that starts this gives its own, checked settings as the first argument. */
const settings: ExecutorSettings = JSON.parse(process.argv[2] ?? "");
let loading: Promise<Operation> | undefined;

/** An executor is ready sooner when it loads what it works with for its first command. */
async function load(): Promise<Operation> {
  const { createExecuteCommand } = await import("./execute-command.ts");
  return createExecuteCommand(settings);
}

await serveAgent({
  operations: {
    execute_command: async (input, context) => await (await (loading ??= load()))(input, context),
  },
});
