import { createSocket, type Socket } from "node:dgram";
import { isIPv6 } from "node:net";
import { hostname } from "node:os";
import { AuditSinkError } from "../audit-error.ts";
import type { AuditSink } from "./audit-sink.ts";
import { createStreamConnection, type StreamAddress } from "./stream-connection.ts";
import { formatSyslog, type SyslogOrigin } from "./syslog-message.ts";

/** Where syslog listens and who speaks. */
export interface SyslogSinkOptions extends Partial<SyslogOrigin> {
  /**
   * `udp` loses messages silently; `tcp` and `tls` count octets (RFC 6587, RFC 5425); `unix` is a stream socket, since
   * Node has no datagram sockets of that family.
   */
  readonly to:
    | { readonly transport: "udp" | "tcp" | "tls"; readonly host: string; readonly port: number }
    | { readonly transport: "unix"; readonly path: string };
}

const logAudit = 13;

/** Makes a sink that speaks RFC 5424. */
export function createSyslogSink(options: SyslogSinkOptions): AuditSink {
  const { to } = options;
  const origin: SyslogOrigin = {
    hostname: options.hostname ?? hostname(),
    appName: options.appName ?? "op-audit",
    processId: options.processId ?? String(process.pid),
    facility: options.facility ?? logAudit,
  };
  const name = `syslog ${to.transport === "unix" ? to.path : `${to.host}:${to.port}`}`;
  const wire = to.transport === "udp" ? createDatagrams(to) : createStream(to);
  return {
    name,
    write: async (messages, { signal } = {}) => {
      signal?.throwIfAborted();
      try {
        await wire.send(
          messages.map((message) => formatSyslog(message, origin)),
          signal,
        );
      } catch (error) {
        signal?.throwIfAborted();
        throw new AuditSinkError(name, error);
      }
    },
    [Symbol.asyncDispose]: async () => await wire.close(),
  };
}

interface Wire {
  send(texts: readonly string[], signal: AbortSignal | undefined): Promise<void>;
  close(): Promise<void>;
}

function createStream(to: Exclude<SyslogSinkOptions["to"], { transport: "udp" }>): Wire {
  const connection = createStreamConnection(streamAddress(to));
  return {
    send: async (texts, signal) => {
      const frames = texts.map((text) => `${Buffer.byteLength(text)} ${text}`);
      await connection.write(frames.join(""), signal);
    },
    close: async () => await connection[Symbol.asyncDispose](),
  };
}

function streamAddress(to: SyslogSinkOptions["to"]): StreamAddress {
  if (to.transport === "unix") return { path: to.path };
  return { host: to.host, port: to.port, isEncrypted: to.transport === "tls" };
}

function createDatagrams({ host, port }: { readonly host: string; readonly port: number }): Wire {
  let socket: Socket | undefined;
  const open = (): Socket => {
    const opened = createSocket(isIPv6(host) ? "udp6" : "udp4");
    opened.unref();
    return opened;
  };
  return {
    send: async (texts) => {
      const sending = (socket ??= open());
      for (const text of texts) await sendDatagram(sending, text, { host, port });
    },
    close: async () => {
      socket?.close();
      socket = undefined;
    },
  };
}

function sendDatagram(
  socket: Socket,
  text: string,
  to: { readonly host: string; readonly port: number },
): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.send(text, to.port, to.host, (error) => {
      if (error === null) resolve();
      else reject(error);
    });
  });
}
