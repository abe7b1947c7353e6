import { afterAll, beforeAll, describe, expect } from "vitest";
import {
  missingSystemd,
  openBootedSystemd,
  type BootedSystemd,
} from "@op-mcp/test-support/booted-systemd";
import { connect, eras, textOf } from "./clients.ts";
import { Installation } from "./installation.ts";
import { verifies } from "./verifies.ts";

const unit = "systemd-tmpfiles-clean.service";
const unitPath = "/org/freedesktop/systemd1/unit/systemd_2dtmpfiles_2dclean_2eservice";
const pretty = {
  name: "hostname1_SetPrettyHostname",
  arguments: { hostname: "Ada's machine", interactive: false },
};

let systemd: BootedSystemd;

async function install(env: Record<string, string> = {}): Promise<Installation> {
  const installation = await Installation.create({
    MCP_DBUS_DISCOVERY: "true",
    DBUS_SYSTEM_BUS_ADDRESS: systemd.address,
    ...env,
  });
  const { stdout, code } = await installation.run(["tools", "--source", "dbus"]);
  expect(code).toBe(0);
  expect(stdout).toContain("systemd1_Manager_ListUnits");
  return installation;
}

function dataOf(result: unknown): Record<string, unknown> {
  const { structuredContent } = Object(result);
  return Object(structuredContent);
}

describe.skipIf(missingSystemd !== undefined)(
  `on a real systemd (${missingSystemd ?? "here"})`,
  () => {
    beforeAll(async () => {
      systemd = await openBootedSystemd();
    }, 60_000);
    afterAll(async () => {
      await systemd[Symbol.asyncDispose]();
    });

    describe.each(eras)("in %s", (name, era) => {
      verifies("dbus.reads", `failed units, a unit's state, properties, ${name}`, async () => {
        await using installation = await install();
        await using connected = await connect(installation, { era });
        const { client } = connected;
        const failed = {
          name: "systemd1_Manager_ListUnitsFiltered",
          arguments: { states: ["failed"] },
        };
        expect(dataOf(await client.callTool(failed))).toMatchObject({ units: expect.any(Array) });
        const state = await client.callTool({
          name: "dbus_get",
          arguments: {
            service: "org.freedesktop.systemd1",
            interface: "org.freedesktop.systemd1.Unit",
            path: "/org/freedesktop/systemd1/unit/dbus_2eservice",
            names: ["ActiveState"],
          },
        });
        expect(dataOf(state)).toMatchObject({ properties: { ActiveState: "active" } });
        const found = await client.callTool({
          name: "dbus_search",
          arguments: { query: "restart a service" },
        });
        expect(textOf(found)).toContain("RestartUnit");
      });

      verifies("dbus.acts", `starts and stops a unit, sets the pretty name, ${name}`, async () => {
        await using installation = await install();
        const asked: string[] = [];
        await using connected = await connect(installation, {
          era,
          person: (message) => {
            asked.push(message);
            return "accept";
          },
        });
        const { client } = connected;
        for (const member of ["StartUnit", "StopUnit"]) {
          const result = await client.callTool({
            name: `systemd1_Manager_${member}`,
            arguments: { name: unit, mode: "replace" },
          });
          expect(textOf(result)).toContain("/org/freedesktop/systemd1/job/");
        }
        expect(textOf(await client.callTool(pretty))).not.toContain("isError");
        expect(asked).toHaveLength(3);
        expect(asked[0]).toContain(`StartUnit at /org/freedesktop/systemd1`);
        expect(asked[2]).toContain("Ada's machine");
        const read = { name: "hostname1_properties", arguments: { names: ["PrettyHostname"] } };
        expect(textOf(await client.callTool(read))).toContain("Ada's machine");
      });

      verifies("dbus.forbidden", `whatever the person says, ${name}`, async () => {
        await using installation = await install();
        await using connected = await connect(installation, { era, person: () => "accept" });
        const manager = {
          service: "org.freedesktop.systemd1",
          interface: "org.freedesktop.systemd1.Manager",
        };
        for (const call of [
          { member: "PowerOff" },
          { member: "StartUnit", args: ["poweroff.target", "replace"] },
          { member: "StartUnit", args: [unit, "isolate"] },
        ]) {
          const result = await connected.client.callTool({
            name: "dbus_act",
            arguments: { ...manager, ...call },
          });
          expect(result.isError).toBe(true);
          expect(textOf(result)).toContain("ERR_DBUS_ACCESS_DENIED");
        }
      });
    });

    verifies("dbus.events", "as an event and as an update of a resource", async () => {
      await using installation = await install();
      await using connected = await connect(installation, {
        era: "legacy",
        person: () => "accept",
      });
      const { client } = connected;
      const updated = Promise.withResolvers<string>();
      client.setNotificationHandler("notifications/resources/updated", ({ params }) =>
        updated.resolve(params.uri),
      );
      const uri = `dbus://system/org.freedesktop.systemd1${unitPath}`;
      await client.subscribeResource({ uri });
      const events = {
        service: "org.freedesktop.systemd1",
        interface: "org.freedesktop.DBus.Properties",
        path: unitPath,
      };
      const first = await client.callTool({ name: "dbus_events", arguments: events });
      const cursor = String(dataOf(first)["cursor"]);
      const start = {
        name: "systemd1_Manager_StartUnit",
        arguments: { name: unit, mode: "replace" },
      };
      await client.callTool(start);
      const later = await client.callTool({
        name: "dbus_events",
        arguments: { ...events, cursor, waitSeconds: 20 },
      });
      expect(textOf(later)).toContain("ActiveState");
      expect(await updated.promise).toBe(uri);
    });

    verifies("dbus.cli", "each command once", async () => {
      await using installation = await install();
      const run = async (...args: readonly string[]) =>
        (await installation.run(["dbus", ...args])).stdout;
      expect(await run("services", "systemd")).toMatch(/org\.freedesktop\.systemd1\s+running/);
      const timers = await run(
        "tree",
        "org.freedesktop.systemd1",
        "org.freedesktop.systemd1.Timer",
      );
      expect(timers).toContain("_2etimer");
      expect(
        await run("describe", "org.freedesktop.hostname1", "org.freedesktop.hostname1"),
      ).toContain("SetPrettyHostname");
      const method = ["org.freedesktop.systemd1", "org.freedesktop.systemd1.Manager"];
      expect(await run("call", ...method, "GetUnit", '["dbus.service"]')).toContain(
        "dbus_2eservice",
      );
      const refused = await installation.run(["dbus", "call", ...method, "PowerOff"]);
      expect(refused.code).toBe(77);
      expect(refused.stderr).toContain("forbidden");
      const monitor = installation.spawn(
        "dbus",
        "monitor",
        "org.freedesktop.systemd1",
        "--member",
        "JobNew",
      );
      const lines: string[] = [];
      monitor.stdout.on("data", (chunk: Buffer) => void lines.push(chunk.toString()));
      const rules = [{ name: "ok", effect: "allow", tools: ["systemd1_Manager_StartUnit"] }];
      await installation.write("config/op-mcp/config.json", JSON.stringify({ policy: { rules } }));
      const start = JSON.stringify({ name: unit, mode: "replace" });
      const startUnit = async (): Promise<string> => {
        await installation.run(["call", "systemd1_Manager_StartUnit", start]);
        return lines.join("");
      };
      await expect.poll(startUnit, { timeout: 20_000 }).toContain("JobNew");
    });
  },
);
