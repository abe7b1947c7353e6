import { describe, expect, it } from "vitest";
import { createAccessRules } from "../../../src/access/access-rules.ts";
import { classify } from "../../../src/access/classify.ts";
import { AccessConfig } from "../../../src/config.ts";
import { Gate } from "../../../src/tools/gate/gate.ts";
import { riskAnnotation } from "../../../src/tools/gate/agent-pattern.ts";

const agents = [
  { pattern: "org.dbusmcp.Agent.*", grants: "change" as const, mayDeclareReads: true },
  { pattern: "org.example.*", grants: "destructive" as const, mayDeclareReads: false },
  { pattern: "org.freedesktop.*", grants: "observe" as const, mayDeclareReads: true },
];
const gate = new Gate({ rules: createAccessRules(AccessConfig.parse({})), classify, agents });
const caller = { id: "unix:uid=1000", scopes: [] };

function judge(service: string, member: string, risk?: string, interfaceName = "org.any.Thing") {
  const annotations = new Map(risk === undefined ? [] : [[riskAnnotation, risk]]);
  const place = { bus: "session", service, interface: interfaceName, member, path: "/", args: {} };
  return gate.judge({ ...place, kind: "call" }, caller, annotations);
}

function classOf(...args: Parameters<typeof judge>): string {
  return judge(...args).classification.class;
}

describe("calls of agents", () => {
  it("count as what their pattern grants, unless they say or sound otherwise", () => {
    const agent = "org.dbusmcp.Agent.Greeter";
    expect(classOf(agent, "Greet")).toBe("change");
    expect(classOf(agent, "Greet", "read")).toBe("observe");
    expect(classOf(agent, "Greet", "destructive")).toBe("destructive");
    expect(classOf(agent, "Greet", "harmless, believe me")).toBe("change");
    expect(classOf(agent, "DeleteEverything")).toBe("destructive");
    expect(judge(agent, "Greet", "read").decision).toMatchObject({
      verdict: "allow",
      needsApproval: false,
    });
    expect(judge(agent, "Greet").decision.needsApproval).toBe(true);
  });

  it("are not believed to read where the pattern does not say so", () => {
    expect(classOf("org.example.Service", "Greet", "read")).toBe("destructive");
    expect(classOf("org.unknown.Service", "Greet", "read")).toBe("destructive");
  });

  it("are never more harmless than the table knows, nor is what is forbidden", () => {
    const manager = "org.freedesktop.systemd1.Manager";
    expect(classOf("org.freedesktop.systemd1", "StartTransientUnit", "read", manager)).toBe(
      "forbidden",
    );
    expect(classOf("org.freedesktop.systemd1", "RestartUnit", "read", manager)).toBe("change");
    expect(classOf("org.dbusmcp.Agent.Vault", "GetSecretKey", "read")).toBe("forbidden");
  });
});
