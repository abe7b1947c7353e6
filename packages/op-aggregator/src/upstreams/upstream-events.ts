import type { UpstreamClient } from "op-protocol/client";

/** What an upstream tells of itself, and over which connection. */
export type UpstreamEvent =
  | {
      readonly kind: "tools-changed" | "resources-changed" | "prompts-changed";
      readonly client: UpstreamClient;
    }
  | { readonly kind: "resource-updated"; readonly uri: string };
