import type { PolicyConfig } from "./policy-config.ts";

/**
 * The policy where none is configured: everybody who is authenticated may read, and whoever runs op-mcp may do all else,
 * after a question where it is grave. Plain data, so that such a start loads no schema.
 */
export const defaultPolicyConfig: PolicyConfig = {
  roles: {
    reader: {
      principals: ["*"],
      permissions: { read: "allow", write: "deny", destructive: "deny", privileged: "deny" },
    },
    operator: {
      principals: [],
      permissions: { read: "allow", write: "allow", destructive: "ask", privileged: "deny" },
    },
    admin: {
      principals: ["unix:uid=self"],
      permissions: { read: "allow", write: "allow", destructive: "ask", privileged: "ask" },
    },
  },
  rules: [],
  limits: {
    callsPerMinute: 6000,
    toolCallsPerMinute: 3000,
    readCallsPerMinute: 6000,
    writeCallsPerMinute: 3000,
    destructiveCallsPerMinute: 120,
    privilegedCallsPerMinute: 120,
    concurrentCalls: 256,
    argumentBytes: 4_194_304,
    resultBytes: 67_108_864,
    sessionCalls: 100_000,
    sessionBytes: 2_147_483_648,
    sessionDestructiveCalls: 1000,
    sessionWindowMs: 3_600_000,
    overrides: [],
  },
  approval: { rememberMs: 0, codeMs: 600_000 },
};
