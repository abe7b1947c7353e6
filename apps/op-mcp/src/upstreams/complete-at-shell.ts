import type { Completion, CompletionRequest, ReadOptions } from "op-tools";
import type { UpstreamShell } from "./upstream-shell.ts";

/** Has an argument of a server's prompt or template completed; with nothing where the server completes none. */
export async function completeAtShell(
  shell: UpstreamShell,
  {
    kind,
    request,
  }: { readonly kind: "prompts" | "resources"; readonly request: CompletionRequest },
  options: ReadOptions,
): Promise<Completion> {
  return await shell.use(
    async ({ sources }) => (await sources[kind].complete?.(request, options)) ?? { values: [] },
  );
}
