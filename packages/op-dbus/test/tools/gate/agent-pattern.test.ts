import { describe, expect, it } from "vitest";
import type { AccessRule } from "../../../src/access/index.ts";
import { AccessConfig } from "../../../src/config.ts";
import { Gate } from "../../../src/tools/gate/gate.ts";
import { riskAnnotation } from "../../../src/tools/gate/agent-pattern.ts";

const agents = [
  { pattern: "org.dbusmcp.Agent.*", grants: "change" as const, mayDeclareReads: true },
  { pattern: "org.example.*", grants: "destructive" as const, mayDeclareReads: false },
  { pattern: "org.freedesktop.*", grants: "observe" as const, mayDeclareReads: true },
];
const gate = new Gate({ access: AccessConfig.parse({}), agents });
const caller = { id: "unix:uid=1000", scopes: [] };

function judge(
  service: string,
  member: string,
  risk?: string,
  { name = "org.any.Thing", by = gate }: { name?: string; by?: Gate } = {},
) {
  const annotations = new Map(risk === undefined ? [] : [[riskAnnotation, risk]]);
  const place = { bus: "session", service, interface: name, member, path: "/", args: {} };
  return by.judge({ ...place, kind: "call" }, caller, annotations);
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
    expect(classOf(agent, "DeleteEverything", "read")).toBe("destructive");
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
    const name = "org.freedesktop.systemd1.Manager";
    expect(classOf("org.freedesktop.systemd1", "StartTransientUnit", "read", { name })).toBe(
      "forbidden",
    );
    expect(classOf("org.freedesktop.systemd1", "RestartUnit", "read", { name })).toBe("change");
    expect(classOf("org.dbusmcp.Agent.Vault", "GetSecretKey", "read")).toBe("forbidden");
  });

  it("are what the rules are about: a change, a loss, or a mere look", () => {
    const decide = (rule: AccessRule, member: string, risk?: string) => {
      const by = new Gate({ access: { rules: [rule], unlocked: [] }, agents });
      return judge("org.dbusmcp.Agent.Greeter", member, risk, { by }).decision;
    };
    const changes: AccessRule = { name: "changes", allow: ["*"], class: "change", confirm: false };
    expect(decide(changes, "Greet")).toMatchObject({
      verdict: "allow",
      rule: "changes",
      class: "change",
      needsApproval: false,
    });
    expect(decide(changes, "Greet", "destructive")).toMatchObject({
      verdict: "deny",
      class: "destructive",
    });
    expect(decide(changes, "DeleteEverything", "read").verdict).toBe("deny");
    expect(decide(changes, "GetSecretKey", "read")).toMatchObject({
      verdict: "deny",
      rule: "forbidden",
    });
    expect(decide({ name: "still", deny: true, class: "change" }, "Greet").rule).toBe("still");
    expect(decide(changes, "Look", "read")).toMatchObject({ verdict: "allow", class: "observe" });
    expect(decide({ name: "deaf", deny: true, class: "observe" }, "Look", "read").rule).toBe(
      "deaf",
    );
  });
});
