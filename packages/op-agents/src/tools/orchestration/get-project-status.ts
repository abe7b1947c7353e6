import { defineTool } from "op-tools/define";
import type { Tool } from "op-tools";
import * as z from "zod";
import type { TaskView } from "../../pool/task.ts";
import type { AgentToolParts } from "../agent-tool-parts.ts";
import { TaskShape, toTaskSummary } from "./task-shape.ts";
import { toolHeader } from "./tool-header.ts";

const counts = {
  total: z.int(),
  queued: z.int(),
  running: z.int(),
  done: z.int(),
  failed: z.int(),
  cancelled: z.int(),
};
const ProjectShape = z.object({
  project: z.string(),
  isOver: z.boolean().meta({ description: "Whether all its tasks have ended." }),
  ...counts,
  tasks: z.array(TaskShape).optional(),
});

/** More tasks than a pool remembers. */
const all = Number.MAX_SAFE_INTEGER;

/** Makes the tool that shows how far the tasks of a project have come. */
export function createGetProjectStatus(parts: AgentToolParts): Tool {
  return defineTool({
    ...toolHeader(parts, "get_project_status", "Project status"),
    description:
      "Shows how far a project has come: the tasks that were distributed under its name. Without a project, all of yours.",
    input: z.strictObject({
      project: z.string().optional().meta({ description: "The project." }),
    }),
    output: z.object({ projects: z.array(ProjectShape) }),
    risk: "read",
    call: ({ project }, { principal }) => {
      const tasks = parts.pool.opened?.list({ principal: principal.id, limit: all }) ?? [];
      const byName = Map.groupBy(tasks, (view) => view.project);
      const names = [...byName.keys()].filter((name) => name !== undefined);
      const wanted = project === undefined ? names : [project];
      const projects = wanted.map((name) => {
        const own = byName.get(name) ?? [];
        const shown = project === undefined ? {} : { tasks: own.map(toTaskSummary) };
        return { ...countTasks(name, own), ...shown };
      });
      return Promise.resolve({ projects });
    },
  });
}

function countTasks(project: string, tasks: readonly TaskView[]) {
  const count = (status: TaskView["status"]) =>
    tasks.filter((view) => view.status === status).length;
  const queued = count("queued");
  const running = count("running");
  const ended = { done: count("done"), failed: count("failed"), cancelled: count("cancelled") };
  const isOver = queued + running === 0;
  return { project, isOver, total: tasks.length, queued, running, ...ended };
}
