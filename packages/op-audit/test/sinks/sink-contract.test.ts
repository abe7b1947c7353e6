import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdir, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { systemClock, silentLogger } from "op-core";
import {
  createFanOutSink,
  createFileSink,
  createHttpSink,
  createMemorySink,
  createSyslogSink,
  type SyslogSinkOptions,
} from "../../src/sinks/index.ts";
import { auditSinkContract, type SinkHarness } from "../../src/testing/index.ts";
import { openByteServer } from "../fixtures/line-server.ts";
import { makeTempDirectory } from "../fixtures/temp-directory.ts";

async function openMemory(): Promise<SinkHarness> {
  const sink = createMemorySink();
  return {
    sink,
    received: async () =>
      sink.messages.map(({ kind, ...message }) =>
        kind === "entry"
          ? message.text
          : JSON.stringify({
              at: "at" in message ? message.at : "",
              checkpoint: message.text,
              size: "size" in message ? message.size : 0,
            }),
      ),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

async function openFile(): Promise<SinkHarness> {
  const directory = await makeTempDirectory();
  const path = join(directory.path, "sink", "audit.jsonl");
  await mkdir(join(directory.path, "sink"));
  const sink = createFileSink({ path });
  return {
    sink,
    received: async () => (await readFile(path, "utf8")).split("\n").slice(0, -1),
    break: async () => await rm(join(directory.path, "sink"), { recursive: true }),
    [Symbol.asyncDispose]: async () => {
      await sink[Symbol.asyncDispose]();
      await directory[Symbol.asyncDispose]();
    },
  };
}

async function openFanOut(): Promise<SinkHarness> {
  const near = await openFile();
  const broken = createFileSink({ path: "/nowhere/audit.jsonl" });
  const options = { clock: systemClock, logger: silentLogger, closeTimeoutMs: 10 };
  const sink = createFanOutSink([broken, near.sink], options);
  return {
    sink,
    received: async (count) => {
      await sink[Symbol.asyncDispose]();
      return await near.received(count);
    },
    [Symbol.asyncDispose]: async () => {
      await sink[Symbol.asyncDispose]();
      await near[Symbol.asyncDispose]();
    },
  };
}

async function openHttp(): Promise<SinkHarness> {
  const lines: string[] = [];
  let status = 204;
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (part: string) => (body += part));
    request.on("end", () => {
      lines.push(...body.split("\n").slice(0, -1));
      response.writeHead(status).end();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  const sink = createHttpSink({
    url: `http://127.0.0.1:${port}/audit`,
    headers: { authorization: "x" },
  });
  return {
    sink,
    received: async () => lines,
    break: async () => void (status = 503),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}

/** Takes frames apart as RFC 6587 counts them: in octets. */
function unframe(text: string): string[] {
  let bytes = Buffer.from(text);
  const frames: string[] = [];
  for (;;) {
    const space = bytes.indexOf(" ");
    const end = space + 1 + Number(bytes.toString("latin1", 0, Math.max(0, space)));
    if (space === -1 || bytes.length < end) return frames;
    frames.push(bytes.toString("utf8", space + 1, end));
    bytes = bytes.subarray(end);
  }
}

async function openStreamSyslog(transport: "tcp" | "unix"): Promise<SinkHarness> {
  const directory = await makeTempDirectory();
  const path = join(directory.path, "log");
  const server = await openByteServer(
    transport === "unix" ? { path } : { port: 0, host: "127.0.0.1" },
  );
  const to: SyslogSinkOptions["to"] =
    transport === "unix"
      ? { transport, path }
      : { transport, host: "127.0.0.1", port: server.port };
  const sink = createSyslogSink({ to, hostname: "host", appName: "op-audit", processId: "1" });
  return {
    sink,
    received: async (count) => unframe(await server.until((text) => unframe(text).length >= count)),
    break: async () => await server.stop(),
    [Symbol.asyncDispose]: async () => {
      await sink[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
      await directory[Symbol.asyncDispose]();
    },
  };
}

async function openUdpSyslog(): Promise<SinkHarness> {
  const messages: string[] = [];
  let arrived = Promise.withResolvers<void>();
  const server = createSocket("udp4", (message) => {
    messages.push(message.toString());
    arrived.resolve();
  });
  server.bind(0, "127.0.0.1");
  await once(server, "listening");
  const to = { transport: "udp", host: "127.0.0.1", port: server.address().port } as const;
  const sink = createSyslogSink({ to });
  return {
    sink,
    received: async (count) => {
      while (messages.length < count) {
        arrived = Promise.withResolvers();
        await arrived.promise;
      }
      return messages;
    },
    [Symbol.asyncDispose]: async () => {
      await sink[Symbol.asyncDispose]();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
}

describe.each<[string, () => Promise<SinkHarness>]>([
  ["memory", openMemory],
  ["file", openFile],
  ["fan-out", openFanOut],
  ["HTTP", openHttp],
  ["syslog over TCP", async () => await openStreamSyslog("tcp")],
  ["syslog over a Unix socket", async () => await openStreamSyslog("unix")],
  ["syslog over UDP", openUdpSyslog],
])("%s", (_name, open) => {
  test.each(auditSinkContract(open))("$name", async ({ check }) => {
    await expect(check()).resolves.toBeUndefined();
  });
});
