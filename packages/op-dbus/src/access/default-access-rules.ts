import type { AccessRule } from "./access-config.ts";

/**
 * What is allowed unless the configuration says otherwise: everybody may look, and may change things after a person's
 * yes. Sensitive reads need a rule of their own; forbidden operations no rule can allow.
 */
export const defaultAccessRules: readonly AccessRule[] = [
  { name: "look", allow: ["*"], class: "observe" },
  { name: "change after a yes", allow: ["*"], class: ["change", "destructive"], confirm: true },
];
