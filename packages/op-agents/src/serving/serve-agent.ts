import type { Readable, Writable } from "node:stream";
import type { JsonObject, JsonValue } from "op-core";
import { createFrameReader } from "../ipc/frame.ts";
import { protocolVersion, type HostMessage, type WireLogLevel } from "../ipc/message.ts";
import { createAgentOutput, type AgentOutput } from "./agent-output.ts";
import { toWireError } from "./operation-failure.ts";
import { parseHostMessage } from "./parse-host-message.ts";

/** What an operation gets besides its input. */
export interface OperationContext {
  /** Aborts when the host no longer wants the result, and when it is gone. */
  readonly signal: AbortSignal;
  /** Reports something before the result; await it, so that a slow host slows the agent down. */
  readonly progress: (data: JsonValue) => Promise<void>;
  readonly log: (level: WireLogLevel, message: string, fields?: JsonObject) => void;
}

/** Something that the agent does. Throw what `operationFailure` makes to say why it was not done. */
export type Operation = (input: JsonValue, context: OperationContext) => Promise<JsonValue>;

/** What an agent is made of. */
export interface ServeOptions {
  readonly operations: Readonly<Record<string, Operation>>;
  /** Called when the host is there: an agent that works by itself can tell it what it sees. */
  readonly onHost?: (host: Pick<OperationContext, "log">) => void;
  /** The largest message that the host may send. Default: any. */
  readonly messageBytes?: number;
  /** Default: stdin. */
  readonly input?: Readable;
  /** Default: stdout, which belongs to the protocol: write nothing else to it. */
  readonly output?: Writable;
}

/** Serves the operations until the host closes stdin, then finishes what is under way and resolves. */
export async function serveAgent(options: ServeOptions): Promise<void> {
  const { input = process.stdin, output: stream = process.stdout, operations } = options;
  const output = createAgentOutput(stream);
  const running = new Map<number, RunningRequest>();
  const hear = (value: unknown) => {
    const message = parseHostMessage(value);
    if (message === undefined) return;
    if (message.type === "request") {
      const stop = new AbortController();
      const done = answer(message, { operations, output, stop: stop.signal });
      running.set(message.id, { stop, done });
      void done.finally(() => running.delete(message.id));
    } else if (message.type === "cancel") {
      running.get(message.id)?.stop.abort();
    } else if (message.type === "ping") {
      output.send({ type: "pong", id: message.id });
    } else {
      output.limit(message.messageBytes);
      output.send({
        type: "ready",
        protocol: protocolVersion,
        operations: Object.keys(operations),
      });
      options.onHost?.({ log: createLog(output) });
    }
  };
  await readMessages(input, { hear, messageBytes: options.messageBytes });
  await Promise.all([...running.values()].map(async ({ done }) => await done));
}

interface RunningRequest {
  readonly stop: AbortController;
  readonly done: Promise<void>;
}

interface Ear {
  readonly hear: (message: unknown) => void;
  readonly messageBytes: number | undefined;
}

async function readMessages(input: Readable, { hear, messageBytes }: Ear): Promise<void> {
  const ended = Promise.withResolvers<void>();
  const reader = createFrameReader(messageBytes ?? Number.MAX_SAFE_INTEGER, {
    onMessage: hear,
    onFault: (detail) => ended.reject(new Error(`The host broke the protocol: ${detail}.`)),
  });
  input.on("data", (chunk: Buffer) => reader.read(chunk));
  input.once("end", () => ended.resolve());
  input.once("error", () => ended.resolve());
  await ended.promise;
}

interface AnswerParts {
  readonly operations: Readonly<Record<string, Operation>>;
  readonly output: AgentOutput;
  readonly stop: AbortSignal;
}

type Request = Extract<HostMessage, { readonly type: "request" }>;

async function answer({ id, operation, input }: Request, parts: AnswerParts): Promise<void> {
  const { operations, output, stop } = parts;
  const run = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
  const context: OperationContext = {
    signal: AbortSignal.any([stop, output.gone]),
    progress: async (data) => {
      output.send({ type: "progress", id, data });
      await output.drained();
    },
    log: createLog(output),
  };
  try {
    if (run === undefined) throw new Error(`There is no operation ${operation}.`);
    output.send({ type: "result", id, output: await run(input, context) });
  } catch (error) {
    output.send({ type: "error", id, error: toWireError(error) });
  }
}

function createLog(output: AgentOutput): OperationContext["log"] {
  return (level, message, fields) =>
    output.send({ type: "log", level, message, ...(fields === undefined ? {} : { fields }) });
}
