import type { ToolDescriptor } from "../tool/tool-descriptor.ts";
import type { Middleware } from "./middleware.ts";

/** The same middleware for fewer tools: those it applies to and that `predicate` accepts. */
export function restrict(
  middleware: Middleware,
  predicate: (tool: ToolDescriptor) => boolean,
): Middleware {
  const { name, priority } = middleware;
  const before = middleware.before?.bind(middleware);
  const around = middleware.around?.bind(middleware);
  const after = middleware.after?.bind(middleware);
  return {
    name,
    priority,
    appliesTo: (tool) => predicate(tool) && (middleware.appliesTo?.(tool) ?? true),
    ...(before === undefined ? {} : { before }),
    ...(around === undefined ? {} : { around }),
    ...(after === undefined ? {} : { after }),
  };
}
