import type { Readable, Writable } from "node:stream";
import { abortable, type Clock, type JsonValue } from "op-core";
import { AgentProtocolError, AgentTaskError } from "../agent-error.ts";
import { bodyBytes, createFrameReader, encodeFrame } from "./frame.ts";
import { protocolVersion, type AgentMessage, type HostMessage } from "./message.ts";
import { parseAgentMessage } from "./parse-agent-message.ts";
import { createPendingRequests, type PendingRequests } from "./pending-requests.ts";

/** What a request takes. */
export interface AgentRequest {
  readonly operation: string;
  readonly input: JsonValue;
  readonly onProgress?: ((data: JsonValue) => void) | undefined;
}

/** A conversation with an agent that is ready. */
export interface AgentChannel {
  /** What the agent says it does. */
  readonly operations: readonly string[];
  /**
   * Settles with the agent's answer. When the signal aborts, the agent is told; the promise settles when the agent has
   * stopped, which it must within the grace.
   */
  request(request: AgentRequest, options: { readonly signal: AbortSignal }): Promise<JsonValue>;
  /** Resolves when the agent answered. */
  ping(options: { readonly signal: AbortSignal }): Promise<void>;
  /** Tells the agent to finish and leave. */
  finish(): void;
  /** Ends every request with this error: there will be no answers. */
  fail(error: Error): void;
}

/** What a channel takes. */
export interface AgentChannelOptions {
  /** The agent's name, for messages. */
  readonly agent: string;
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly messageBytes: number;
  readonly progressBytes: number;
  readonly cancelGraceMs: number;
  readonly clock: Clock;
  readonly onLog: (line: Extract<AgentMessage, { readonly type: "log" }>) => void;
  /** The agent can't be talked to any more: it lied, or does not stop. */
  readonly onFault: (error: AgentProtocolError) => void;
  /** The agent will say nothing more. */
  readonly onOutputEnd: () => void;
}

/** Greets an agent and resolves when it is ready. */
export async function openAgentChannel(
  options: AgentChannelOptions,
  { signal }: { readonly signal: AbortSignal },
): Promise<AgentChannel> {
  const { agent, stdin, stdout, messageBytes, onFault } = options;
  const ready = Promise.withResolvers<readonly string[]>();
  ready.promise.catch(() => undefined);
  const pending = createPendingRequests();
  const fail = (error: Error) => {
    ready.reject(error);
    pending.fail(error);
  };
  const accuse = (detail: string) => {
    const error = new AgentProtocolError(agent, detail);
    fail(error);
    onFault(error);
  };
  const hear = createListener({ options, pending, accuse, welcome: ready.resolve });
  const reader = createFrameReader(messageBytes, { onMessage: hear, onFault: accuse });
  stdout.on("data", (chunk: Buffer) => reader.read(chunk));
  stdout.once("close", options.onOutputEnd);
  // What broke is seen by the end of the stream and of the agent.
  stdout.on("error", () => undefined);
  // What an agent does not read says nothing that the end of its output does not say better.
  stdin.on("error", () => undefined);

  const send = (message: HostMessage) => stdin.write(encodeFrame(message));
  send({ type: "hello", protocols: [protocolVersion], agent, messageBytes });
  const operations = await abortable(ready.promise, signal);
  return {
    operations,
    fail,
    finish: () => stdin.end(),
    ping: async ({ signal: wanted }) =>
      await abortable(
        pending.ping((id) => send({ type: "ping", id })),
        wanted,
      ),
    request: createRequester(options, pending, accuse),
  };
}

interface ListenerParts {
  readonly options: AgentChannelOptions;
  readonly pending: PendingRequests;
  readonly accuse: (detail: string) => void;
  readonly welcome: (operations: readonly string[]) => void;
}

function createListener({ options, pending, accuse, welcome }: ListenerParts) {
  let isReady = false;
  return (value: unknown, bytes: number): void => {
    const message = parseAgentMessage(value);
    if (message.type === "fault") return accuse(message.detail);
    if (message.type === "log") return options.onLog(message);
    if (message.type === "ready") {
      if (isReady) return accuse("it was ready twice");
      if (message.protocol !== protocolVersion) {
        return accuse(`it speaks version ${message.protocol}, not ${protocolVersion}`);
      }
      isReady = true;
      return welcome(message.operations);
    }
    if (!isReady) return accuse(`it said ${message.type} before it was ready`);
    return answerPending(message, { bytes, pending, accuse, limit: options.progressBytes });
  };
}

interface AnswerParts {
  readonly bytes: number;
  readonly pending: PendingRequests;
  readonly accuse: (detail: string) => void;
  readonly limit: number;
}

type Answer = Exclude<AgentMessage, { readonly type: "log" | "ready" }>;

function answerPending(message: Answer, { bytes, pending, accuse, limit }: AnswerParts): void {
  if (message.type === "pong") {
    if (!pending.pong(message.id)) accuse("it answered a ping that nobody sent");
    return;
  }
  const request = pending.find(message.id);
  if (request === undefined)
    return accuse(`it sent a ${message.type} for a request that is not open`);
  if (message.type === "progress") {
    request.progressBytes += bytes;
    if (request.progressBytes > limit)
      return accuse(`it reported more than ${limit} bytes of progress`);
    return request.onProgress?.(message.data);
  }
  pending.remove(message.id);
  if (message.type === "result") request.resolve(message.output);
  else request.reject(new AgentTaskError(message.error));
  return undefined;
}

function createRequester(
  { agent, stdin, messageBytes, cancelGraceMs, clock }: AgentChannelOptions,
  pending: PendingRequests,
  accuse: (detail: string) => void,
): AgentChannel["request"] {
  return async ({ operation, input, onProgress }, { signal }) => {
    signal.throwIfAborted();
    const { id, answered } = pending.add(onProgress);
    const frame = encodeFrame({ type: "request", id, operation, input } satisfies HostMessage);
    if (bodyBytes(frame) > messageBytes) {
      pending.remove(id);
      throw new AgentTaskError({
        code: "ERR_INPUT_TOO_LARGE",
        message: `The input for ${operation} of ${agent} has ${bodyBytes(frame)} bytes; ${messageBytes} are allowed.`,
      });
    }
    using cleanup = new DisposableStack();
    const cancel = () => {
      stdin.write(encodeFrame({ type: "cancel", id } satisfies HostMessage));
      cleanup.use(
        clock.startTimer(cancelGraceMs, () =>
          accuse(`it went on for ${cancelGraceMs} ms after ${operation} was cancelled`),
        ),
      );
    };
    signal.addEventListener("abort", cancel, { once: true });
    cleanup.defer(() => signal.removeEventListener("abort", cancel));
    stdin.write(frame);
    try {
      return await answered;
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    }
  };
}
