/** What declared state offers besides tools, as lists show it: known without loading anything. */
import type { PromptDescriptor, ResourceDescriptor } from "op-tools";

/** Begins the URI of every resource of declared state; a plugin's name follows. */
export const stateScheme = "state://";

/** The resource of a plugin. */
export function stateResource(plugin: string): ResourceDescriptor {
  return {
    uri: `${stateScheme}${plugin}`,
    name: `state-${plugin}`,
    title: `The declared state of ${plugin}`,
    description: `What runs declared of ${plugin}, how it is now, and what drifted. Subscribe to hear of drift.`,
    mimeType: "application/json",
  };
}

/** The prompt that has the last changes explained. */
export const explainChangesPrompt: PromptDescriptor = {
  name: "state_explain_changes",
  title: "Explain what changed since yesterday",
  description:
    "Explains in plain words what runs changed on this machine since a time, by whom and why, and what drifted.",
  arguments: [
    {
      name: "since",
      title: "Since",
      description: "A time such as 2026-01-31 or 2026-01-31T08:00Z; yesterday unless told.",
      required: false,
    },
  ],
};
