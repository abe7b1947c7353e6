/** What an upstream tells of itself. */
export type UpstreamEvent =
  | { readonly kind: "tools-changed" | "resources-changed" | "prompts-changed" }
  | { readonly kind: "resource-updated"; readonly uri: string };
