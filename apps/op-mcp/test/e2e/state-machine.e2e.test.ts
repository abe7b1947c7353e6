import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { BootedMachine, missingSystemd } from "./booted-machine.ts";
import { verifies } from "./verifies.ts";

const service = `[Service]
EnvironmentFile=/etc/app/environment
ExecStart=/bin/sleep 1000
[Install]
WantedBy=multi-user.target
`;

/** Ten resources of seven plugins. */
const state = {
  files: {
    "/etc/app": { type: "directory", mode: "0755", group: "app", requires: ["groups:app"] },
    "/etc/app/environment": { template: "NAME={{name}}\n", values: { name: "app" } },
    "/etc/motd": { content: "Be kind.\n" },
  },
  groups: { app: { system: true } },
  units: {
    "app.service": {
      content: service,
      enabled: true,
      active: true,
      requires: ["files:/etc/app/environment"],
    },
    "app.timer": {
      content: "[Timer]\nOnBootSec=1h\n",
      active: true,
      requires: ["units:app.service"],
    },
    "systemd-ask-password-wall.path": { masked: true, active: false },
  },
  hostname: { system: { static: "web-1", pretty: "Ada's machine" } },
  time: { system: { timezone: "Europe/Berlin" } },
  locale: { system: { LANG: "C.UTF-8", LC_TIME: "C" } },
};

/** Everything that could have been changed: all of /etc, what systemd knows, and what its services say. */
const look = `
  cd /etc
  find . -not -type d -not -name .pwd.lock -printf '%p %y %m %u %g %l\\n' | LC_ALL=C sort
  find . -type d -printf '%p %m %u %g\\n' | LC_ALL=C sort
  find . -type f -not -name .pwd.lock -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
  systemctl list-unit-files --no-legend --no-pager
  systemctl list-units --all --no-legend --plain --no-pager --type=service,path,timer --state=loaded \\
    | grep -Ev 'systemd-(hostnamed|timedated|localed|tmpfiles-clean)' | awk '{print $1, $2, $3, $4}' | LC_ALL=C sort
  hostnamectl --json=short | sed 's/"\\(OperatingSystem\\|Firmware\\)[A-Za-z]*":[^,}]*,\\?//g'
  timedatectl show -p Timezone
  localectl status
`;

interface Assistant extends AsyncDisposable {
  readonly client: Client;
  /** What the person was asked. */
  readonly asked: string[];
  readonly call: (name: string, args: object) => Promise<{ text: string; data: Data }>;
}

type Data = Record<string, unknown>;

/** An MCP client whose op-mcp runs on the machine, with a person who agrees. */
async function connectTo(machine: BootedMachine): Promise<Assistant> {
  const asked: string[] = [];
  const client = new Client(
    { name: "e2e", version: "1" },
    { capabilities: { elicitation: {} }, versionNegotiation: { mode: "legacy" } },
  );
  client.setRequestHandler("elicitation/create", ({ params }) => {
    asked.push(params.message);
    return { action: "accept", content: {} };
  });
  const [command, ...enter] = machine.enter;
  const env = ["env", "HOME=/root", "PATH=/usr/sbin:/usr/bin", "MCP_DBUS_DISCOVERY=false"];
  const args = [...enter, ...env, "/opt/node", "/opt/op-mcp/bin/op-mcp.cjs"];
  await client.connect(new StdioClientTransport({ command, args, stderr: "ignore" }));
  return {
    client,
    asked,
    call: async (name, toolArguments) => {
      const result = await client.callTool({ name, arguments: { ...toolArguments } });
      const text = JSON.stringify(result.content);
      expect(result.isError ?? false, text).toBe(false);
      return { text, data: Object(result.structuredContent) };
    },
    [Symbol.asyncDispose]: () => client.close(),
  };
}

describe.skipIf(missingSystemd !== undefined)(
  `a whole machine (${missingSystemd ?? "here"})`,
  () => {
    let machine: BootedMachine;

    beforeAll(async () => {
      machine = await BootedMachine.boot();
    }, 60_000);
    afterAll(() => machine[Symbol.asyncDispose](), 60_000);

    verifies("state.machine", "by an MCP client", async () => {
      // As the services themselves write it: what they are told again later, they write in the same way.
      await machine.sh("localectl set-locale LANG=C.UTF-8; hostnamectl hostname before");
      await machine.sh("timedatectl set-timezone Asia/Tokyo");
      await using assistant = await connectTo(machine);
      const { client, asked, call } = assistant;
      const before = await machine.sh(look);
      const resources = Object.entries(state).flatMap(([plugin, byKey]) =>
        Object.keys(byKey).map((key) => `${plugin}:${key}`),
      );
      expect(resources).toHaveLength(10);
      await call("state_checkpoint", { why: "before everything", resources });

      const planned = await call("state_plan", { state });
      expect(planned.data["changes"]).toHaveLength(10);
      expect(await machine.sh(look)).toBe(before);
      const why = "a new web server";
      const applied = await call("state_apply", { plan: planned.data["plan"], why });
      expect(applied.data).toMatchObject({ run: 2, status: "completed", who: "unix:uid=0", why });
      expect(asked).toHaveLength(1);
      expect(asked[0]).toContain("5 to create");
      expect(asked[0]).toContain("| + units:app.service (privileged)");
      expect(asked[0]).toContain("|     + Be kind.");
      expect(await machine.sh("systemctl is-active app.service app.timer")).toBe("active\nactive");
      expect((await call("state_verify", { state })).data).toMatchObject({ isAsDesired: true });
      expect((await call("state_plan", { state })).data["changes"]).toEqual([]);

      const updates: { uri: string; atMs: number }[] = [];
      client.setNotificationHandler("notifications/resources/updated", ({ params: { uri } }) => {
        updates.push({ uri, atMs: performance.now() });
      });
      const updated = async (work: () => Promise<unknown>): Promise<void> => {
        const known = updates.length;
        await work();
        const doneMs = performance.now();
        await expect.poll(() => updates.length, { timeout: 10_000 }).toBeGreaterThan(known);
        const { uri, atMs } = updates[known] ?? { uri: "", atMs: Infinity };
        expect(uri).toBe("state://units");
        expect(atMs - doneMs).toBeLessThan(1000);
      };
      await client.subscribeResource({ uri: "state://units" });
      await updated(() => machine.sh("systemctl stop app.service"));
      await updated(() => machine.sh("systemctl start app.service"));
      expect((await call("state_drift", {})).data["deviations"]).toEqual([]);
      await machine.sh("systemctl stop app.service; echo by hand >/etc/motd");
      const drift = await call("state_drift", {});
      expect(drift.data["deviations"]).toMatchObject([
        { resource: "files:/etc/motd" },
        { resource: "units:app.service" },
      ]);

      await call("state_rollback", { to: 1, why: "not yet" });
      expect(asked[1]).toContain("go back to checkpoint 1 (before everything)");
      expect(await machine.sh(look)).toBe(before);
      const { data } = await call("state_history", {});
      expect(data["runs"]).toMatchObject([
        { kind: "rollback", status: "completed", backTo: 1 },
        { kind: "apply", status: "completed", why },
        { kind: "checkpoint" },
      ]);
    });
  },
);
