/** The clients `op-mcp init` knows, by the names it takes. */
export const clientIds = [
  "claude-desktop",
  "claude-code",
  "cursor",
  "vscode",
  "codex",
  "gemini-cli",
  "windsurf",
] as const;

/** The clients whose servers `op-mcp upstreams import` and `export` know. */
export const upstreamClientIds = [
  "claude-desktop",
  "claude-code",
  "cursor",
  "vscode",
  "codex",
  "gemini-cli",
] as const;
