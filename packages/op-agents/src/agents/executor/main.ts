import { serveAgent } from "../../serving/index.ts";
import { createExecuteCommand, type ExecutorSettings } from "./execute-command.ts";

/** The host that starts this gives its own, checked settings as the first argument. */
const settings: ExecutorSettings = JSON.parse(process.argv[2] ?? "");

await serveAgent({ operations: { execute_command: createExecuteCommand(settings) } });
