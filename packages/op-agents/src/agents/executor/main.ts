import { serveAgent, type Operation } from "../../serving/index.ts";
import type { ExecutorSettings } from "./execute-command.ts";

/** The host that starts this gives its own, checked settings as the first argument. */
const settings: ExecutorSettings = JSON.parse(process.argv[2] ?? "");

/** An executor is ready sooner when it loads what it works with for the first time that it is needed. */
function lazy(load: () => Promise<Operation>): Operation {
  let loading: Promise<Operation> | undefined;
  return async (input, context) => await (await (loading ??= load()))(input, context);
}

const project = (name: "git_operation" | "git_change" | "create_project") =>
  lazy(async () => (await import("./serve-projects.ts")).serveProjects(settings)[name]);

await serveAgent({
  operations: {
    execute_command: lazy(async () => {
      const { createExecuteCommand } = await import("./execute-command.ts");
      return createExecuteCommand(settings);
    }),
    git_operation: project("git_operation"),
    ...(settings.projects.length > 0 && {
      git_change: project("git_change"),
      create_project: project("create_project"),
    }),
  },
});
