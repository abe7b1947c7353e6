import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  missingSystemd,
  openBootedSystemd,
  type BootedSystemd,
} from "@op-mcp/test-support/booted-systemd";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { modernRequest } from "../hosting/fixtures/hosted.ts";
import { textOf } from "./clients.ts";
import { Collector, type ArrivedSpan } from "./collector.ts";
import { Installation } from "./installation.ts";
import { NetworkServer } from "./network-server.ts";
import { pluginPath } from "./plugin-path.ts";
import { verifies } from "./verifies.ts";
import { Wire } from "./wire.ts";

const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const parentSpanId = "00f067aa0ba902b7";
const traceparent = `00-${traceId}-${parentSpanId}-01`;
const secret = "hunter2-in-an-argument";
const modules = fileURLToPath(new URL("plugins/loaded-modules.cjs", import.meta.url));

const sending = (collector: Pick<Collector, "url">, more: Record<string, string> = {}) => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
  OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
  OP_MCP_DISCLOSURE__MODE: "direct",
  ...more,
});

async function call(
  server: NetworkServer,
  params: { name: string; arguments: Record<string, string> },
  headers: Record<string, string> = {},
): Promise<string> {
  const request = modernRequest("tools/call", params);
  const response = await fetch(server.endpoint, {
    method: "POST",
    body: request.body,
    headers: { ...request.headers, ...server.authorization, ...headers },
  });
  return await response.text();
}

function named(spans: readonly ArrivedSpan[], name: string): ArrivedSpan {
  const found = spans.find((span) => span.name === name);
  if (found === undefined) throw new Error(`no ${name} in ${spans.map((one) => one.name).join()}`);
  return found;
}

const check = { name: "check_command_exists", arguments: { command: secret } };

describe("telemetry", () => {
  verifies("telemetry.traces", "over HTTP, under the header's trace", async () => {
    await using collector = await Collector.open();
    const headers = { OTEL_EXPORTER_OTLP_HEADERS: "x-collector-key=sesame" };
    await using installation = await Installation.create(sending(collector, headers));
    const server = await NetworkServer.start(installation);
    expect(await call(server, check, { traceparent })).toContain("exists");
    expect(await server.stop()).toBe(0);
    const spans = collector.spans();
    const request = named(spans, "tools/call check_command_exists");
    expect(request).toMatchObject({
      traceId,
      parentSpanId,
      kind: 2,
      attributes: {
        "mcp.method.name": "tools/call",
        "gen_ai.tool.name": "check_command_exists",
        "op_mcp.transport": "http",
      },
    });
    const tool = named(spans, "execute_tool check_command_exists");
    for (const part of [named(spans, "authorize-tool"), named(spans, "limit-concurrency"), tool]) {
      expect(part).toMatchObject({ traceId, parentSpanId: request.spanId });
    }
    expect(tool.attributes).toMatchObject({ "op_mcp.source": "builtin", "op_mcp.risk": "read" });
    expect(collector.resources()).toContainEqual(
      expect.objectContaining({ "service.name": "op-mcp", "host.name": expect.any(String) }),
    );
    expect(collector.deliveries.every((one) => one.headers["x-collector-key"] === "sesame")).toBe(
      true,
    );
    const everything = collector.deliveries.map(({ body }) => body).join("\n");
    expect(everything).not.toContain(secret);
    expect(everything).not.toContain(server.token);
    expect(everything).not.toContain("sesame");
  });

  verifies("telemetry.traces", "on standard streams, under the trace of _meta", async () => {
    await using collector = await Collector.open();
    const more = { OP_MCP_PLUGINS__MODULES: pluginPath("throws-when-called") };
    await using installation = await Installation.create(
      sending(collector, { ...more, OP_MCP_LOG__LEVEL: "debug" }),
    );
    const wire = new Wire(installation.spawn());
    await wire.initialize();
    await expect.poll(async () => textOf(await wire.ask("tools/list"))).toContain("throws");
    const params = { name: "throws", arguments: {}, _meta: { traceparent } };
    expect(textOf(await wire.ask("tools/call", params))).toContain("ERR_INTERNAL");
    wire.end();
    await wire.exited;
    const request = named(collector.spans(), "tools/call throws");
    expect(request).toMatchObject({ traceId, parentSpanId, status: { code: 2 } });
    expect(request.attributes).toMatchObject({
      "error.type": "TypeError",
      "op_mcp.transport": "stdio",
    });
    const line = wire.stderr.split("\n").find((one) => one.includes("failed unexpectedly"));
    expect(line).toContain(`"trace_id":"${traceId}","span_id":"${request.spanId}"`);
    const measured = collector.points("op_mcp_calls_total");
    expect(measured).toContainEqual(
      expect.objectContaining({
        asDouble: 1,
        attributes: {
          tool: "throws",
          source: "throws-when-called",
          transport: "stdio",
          outcome: "failed",
        },
      }),
    );
  });

  verifies("telemetry.traces", "of a task of an agent", async () => {
    await using collector = await Collector.open();
    const agents = { MCP_AGENT_DISCOVERY: "true" };
    await using installation = await Installation.create(sending(collector, agents));
    const server = await NetworkServer.start(installation);
    const params = { name: "execute_command", arguments: { argv: ["echo", secret] } };
    const asWritten = modernRequest("tools/call", { name: params.name });
    const body = asWritten.body.replace(
      '"name":"execute_command"',
      `"name":"execute_command","arguments":${JSON.stringify(params.arguments)}`,
    );
    const headers = { ...asWritten.headers, ...server.authorization, traceparent };
    const answer = await fetch(server.endpoint, { method: "POST", body, headers });
    expect(await answer.text()).toContain(secret);
    const ready = await fetch(new URL("/ready", server.endpoint));
    expect(await ready.json()).toMatchObject({ parts: { agents: "ok" } });
    const metrics = await fetch(new URL("/metrics", server.endpoint), {
      headers: server.authorization,
    });
    expect(await metrics.text()).toContain('op_mcp_agents{type="executor",state="running"} 1');
    expect(await server.stop()).toBe(0);
    const spans = collector.spans();
    const tool = named(spans, "execute_tool execute_command");
    const task = spans.find(({ parentSpanId: above }) => above === tool.spanId);
    expect(task).toMatchObject({ traceId, kind: 3 });
    expect(task?.attributes).toMatchObject({
      "op_mcp.agent.type": "executor",
      "op_mcp.agent.id": "executor-1",
    });
    expect(collector.deliveries.map(({ body: sent }) => sent).join()).not.toContain(secret);
  });

  verifies("telemetry.traces", "from the shell, under the trace of its environment", async () => {
    await using collector = await Collector.open();
    await using installation = await Installation.create(
      sending(collector, { TRACEPARENT: traceparent }),
    );
    const args = JSON.stringify(check.arguments);
    expect((await installation.run(["call", check.name, args])).code).toBe(0);
    const spans = collector.spans();
    const whole = named(spans, "call check_command_exists");
    expect(whole).toMatchObject({
      traceId,
      parentSpanId,
      attributes: { "op_mcp.transport": "cli" },
    });
    expect(named(spans, "execute_tool check_command_exists").parentSpanId).toBe(whole.spanId);
    expect(collector.deliveries.every(({ path }) => path === "/v1/traces")).toBe(true);
    expect(collector.deliveries.map(({ body }) => body).join()).not.toContain(secret);
  });

  verifies("telemetry.metrics", "what Prometheus reads, again and again", async () => {
    await using collector = await Collector.open();
    const often = { OTEL_METRIC_EXPORT_INTERVAL: "200", OTEL_TRACES_EXPORTER: "none" };
    await using installation = await Installation.create(sending(collector, often));
    const server = await NetworkServer.start(installation);
    await call(server, check);
    await expect
      .poll(() => collector.points("op_mcp_calls_total"), { timeout: 20_000 })
      .toMatchObject([{ asDouble: 1, attributes: { transport: "http", outcome: "ok" } }]);
    expect(collector.points("op_mcp_call_duration_seconds")).toMatchObject([{ count: 1 }]);
    expect(collector.points("process_resident_memory_bytes")).toHaveLength(1);
    expect(collector.points("op_mcp_sessions")).toHaveLength(1);
    expect(collector.spans()).toEqual([]);
    const text = await (
      await fetch(new URL("/metrics", server.endpoint), { headers: server.authorization })
    ).text();
    expect(text).toContain('op_mcp_calls_total{tool="check_command_exists",source="builtin",');
    expect(await server.stop()).toBe(0);
  });

  verifies(
    "telemetry.traces",
    "as protobuf, compressed, and not by grpc, which is told",
    async () => {
      await using collector = await Collector.open();
      const env = { OTEL_EXPORTER_OTLP_PROTOCOL: "grpc", OTEL_EXPORTER_OTLP_COMPRESSION: "gzip" };
      await using installation = await Installation.create(sending(collector, env));
      const server = await NetworkServer.start(installation);
      await call(server, check, { traceparent });
      expect(await server.stop()).toBe(0);
      const traces = collector.deliveries.find(({ path }) => path === "/v1/traces");
      expect(traces?.headers).toMatchObject({
        "content-type": "application/x-protobuf",
        "content-encoding": "gzip",
      });
      expect(traces?.body).toContain("tools/call check_command_exists");
      expect(traces?.body).not.toContain(secret);
      expect(server.stderr).toContain('"variable":"OTEL_EXPORTER_OTLP_PROTOCOL","value":"grpc"');
      expect(server.stderr).toContain(`http/protobuf is sent to ${collector.url}/v1/traces`);
    },
  );

  verifies("telemetry.off", "nothing of it is loaded", async () => {
    const loadedBy = async (env: Record<string, string>): Promise<string> => {
      await using installation = await Installation.create({
        ...env,
        NODE_OPTIONS: `--require ${modules}`,
      });
      const file = join(installation.home, "modules");
      Object.assign(installation.env, { LOADED_MODULES: file });
      const wire = new Wire(installation.spawn());
      await wire.initialize();
      await wire.ask("tools/call", { name: "check_command_exists", arguments: { command: "sh" } });
      wire.end();
      await wire.exited;
      return await readFile(file, "utf8");
    };
    await using collector = await Collector.open();
    expect(await loadedBy(sending(collector))).toContain("open-otel");
    const disabled = sending(collector, { OTEL_SDK_DISABLED: "true" });
    for (const off of [await loadedBy({}), await loadedBy(disabled)]) {
      expect(off).toContain("op-mcp.cjs");
      expect(off).not.toMatch(/otel|opentelemetry/u);
    }
  });

  verifies("telemetry.dead-collector", "that refuses, or never answers", async () => {
    const refusing = createServer();
    await new Promise<void>((resolve) => refusing.listen(0, "127.0.0.1", resolve));
    const address = refusing.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    await new Promise((resolve) => refusing.close(resolve));
    await using silent = await Collector.open({ isAnswering: false });
    for (const url of [`http://127.0.0.1:${port}`, silent.url]) {
      await using installation = await Installation.create(sending({ url }));
      const server = await NetworkServer.start(installation);
      const answers = await Promise.all(Array.from({ length: 100 }, () => call(server, check)));
      expect(answers.every((answer) => answer.includes("exists"))).toBe(true);
      const left = performance.now();
      expect(await server.stop()).toBe(0);
      // It waits for what is left for two seconds, and not for ten as one sending may take.
      expect(performance.now() - left).toBeLessThan(8000);
    }
  });
});

describe.skipIf(missingSystemd !== undefined)(
  `telemetry of a real bus (${missingSystemd ?? "here"})`,
  () => {
    let systemd: BootedSystemd;
    beforeAll(async () => {
      systemd = await openBootedSystemd();
    }, 60_000);
    afterAll(() => systemd[Symbol.asyncDispose]());

    verifies("telemetry.traces", "of a call on the bus", async () => {
      await using collector = await Collector.open();
      await using installation = await Installation.create(
        sending(collector, {
          MCP_DBUS_DISCOVERY: "true",
          DBUS_SYSTEM_BUS_ADDRESS: systemd.address,
        }),
      );
      const server = await NetworkServer.start(installation);
      const params = {
        name: "dbus_get",
        arguments: {
          service: "org.freedesktop.hostname1",
          interface: "org.freedesktop.hostname1",
          path: "/org/freedesktop/hostname1",
        },
      };
      const ready = await fetch(new URL("/ready", server.endpoint));
      expect(await ready.json()).toMatchObject({ parts: { "bus dbus": "ok", audit: "ok" } });
      await expect.poll(() => call(server, params, { traceparent })).toContain("Hostname");
      expect(await server.stop()).toBe(0);
      const spans = collector.spans();
      const tool = named(spans, "execute_tool dbus_get");
      expect(named(spans, "org.freedesktop.DBus.Properties.GetAll")).toMatchObject({
        traceId,
        parentSpanId: tool.spanId,
        kind: 3,
        attributes: {
          "rpc.system": "dbus",
          "rpc.service": "org.freedesktop.hostname1",
          "rpc.method": "GetAll",
          "op_mcp.bus": "system",
        },
      });
    });
  },
);
