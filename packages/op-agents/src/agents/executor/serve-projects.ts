import type { Operation } from "../../serving/serve-agent.ts";
import { toServed } from "../operation/agent-operation.ts";
import type { ExecutorSettings } from "./execute-command.ts";
import { gitChange, gitOperation } from "./git/git-operation.ts";
import { createProject } from "./project/create-project.ts";

/** What an executor does with projects, ready to be served. */
export function serveProjects(
  settings: ExecutorSettings,
): Readonly<Record<"git_operation" | "git_change" | "create_project", Operation>> {
  return {
    git_operation: toServed(gitOperation, settings),
    git_change: toServed(gitChange, settings),
    create_project: toServed(createProject, settings),
  };
}
