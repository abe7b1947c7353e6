import { PassThrough, Writable } from "node:stream";
import { createObjectServer, type BusConnection, type EventStream, type Signal } from "op-dbus";
import { isOpError, type JsonValue } from "op-core";
import { AgentTaskError } from "../agent-error.ts";
import type { TaskRequest } from "../pool/task.ts";
import { operationFailure } from "../serving/operation-failure.ts";
import { serveAgent, type Operation } from "../serving/serve-agent.ts";
import type { AgentSpec } from "../spec/agent-spec.ts";
import { callBack } from "./call-back.ts";
import { busNameOf } from "../spec/bus-name-of.ts";
import { agentInterface, pathOf } from "./agent-interface.ts";
import { describeAgent } from "./describe-agent.ts";

/** Whose agents are shown: a pool, or what stands before one. */
export interface ExposedAgents {
  readonly specs: readonly AgentSpec[];
  /** Does a task for whoever has this unique name on the bus. */
  run(
    request: TaskRequest,
    options: { readonly signal: AbortSignal; readonly caller: string },
  ): Promise<JsonValue>;
}

/** What showing agents on a bus takes. */
export interface ExposeAgentsOptions {
  readonly bus: BusConnection;
  readonly pool: ExposedAgents;
  /** Which types; the bus decides who may speak with them. */
  readonly types: readonly string[];
}

/** Shows agents of a pool on a bus, as `org.dbusmcp.Agent.<Type>`. Disposing takes them off it; the tasks of others end. */
export async function exposeAgents({
  bus,
  pool,
  types,
}: ExposeAgentsOptions): Promise<AsyncDisposable> {
  await using opened = new AsyncDisposableStack();
  const server = opened.use(createObjectServer(bus));
  const rule = { sender: busName, interface: busName, member: "NameOwnerChanged" };
  const owners = opened.use(await bus.subscribe(rule));
  const houses = pool.specs
    .filter(({ type }) => types.includes(type))
    .map((spec) => new AgentHouse(spec, { bus, pool }));
  void showOut(owners, houses);
  for (const house of houses) {
    opened.defer(() => house.close());
    opened.use(server.export(pathOf(house.name), agentInterface, house.implementation));
    await bus.requestName(house.name);
    opened.defer(async () => {
      // A connection that is gone has no names.
      if (bus.uniqueName !== undefined) await bus.releaseName(house.name);
    });
  }
  return opened.move();
}

/** The largest message of a caller. */
const messageBytes = 8 * 1024 * 1024;

const busName = "org.freedesktop.DBus";

/** Ends the conversations of connections that are gone. */
async function showOut(owners: EventStream<Signal>, houses: readonly AgentHouse[]): Promise<void> {
  for await (const { body } of owners) {
    const [name, , owner] = body;
    if (owner !== "" || typeof name !== "string") continue;
    for (const house of houses) house.leave(name);
  }
}

/** The agents of one type as others see them: each caller has a conversation. */
class AgentHouse {
  readonly name: string;
  readonly #spec: AgentSpec;
  readonly #bus: BusConnection;
  readonly #pool: ExposedAgents;
  readonly #guests = new Map<string, Conversation>();
  readonly #description: string;

  constructor(
    spec: AgentSpec,
    { bus, pool }: { readonly bus: BusConnection; readonly pool: ExposedAgents },
  ) {
    this.name = busNameOf(spec.type);
    this.#spec = spec;
    this.#description = describeAgent(spec);
    this.#bus = bus;
    this.#pool = pool;
  }

  readonly implementation = {
    methods: {
      Open: async (
        _args: readonly [],
        { sender = "" }: { readonly sender: string | undefined },
      ) => {
        this.leave(sender);
        this.#guests.set(sender, this.#open(sender));
        return await Promise.resolve([] as const);
      },
      Write: async (
        [bytes]: readonly [Uint8Array],
        { sender = "" }: { readonly sender: string | undefined },
      ) => {
        this.#guests.get(sender)?.input.write(bytes);
        return await Promise.resolve([] as const);
      },
      Close: async (
        _args: readonly [],
        { sender = "" }: { readonly sender: string | undefined },
      ) => {
        this.#guests.get(sender)?.input.end();
        return await Promise.resolve([] as const);
      },
    },
    properties: { Description: { get: () => this.#description } },
  };

  leave(guest: string): void {
    const conversation = this.#guests.get(guest);
    this.#guests.delete(guest);
    conversation?.input.end();
    // Tasks of whoever does not listen any more are cancelled.
    conversation?.output.destroy(new Error("the caller is gone"));
  }

  close(): void {
    for (const guest of this.#guests.keys()) this.leave(guest);
  }

  #open(guest: string): Conversation {
    const say = async (member: "Said" | "Left", body: readonly Uint8Array[]) =>
      await this.#bus.emit({
        path: pathOf(this.name),
        interface: agentInterface.name,
        member,
        signature: member === "Said" ? "ay" : "",
        body,
        destination: guest,
      });
    const input = new PassThrough();
    const output = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        void callBack(say("Said", [chunk]), done);
      },
    });
    const conversation = { input, output };
    const serve = async () => {
      const operations = this.#operationsFor(guest);
      try {
        await serveAgent({ operations, input, output, messageBytes });
      } catch (error) {
        // Who breaks the protocol is shown out, and what it asked for ends.
        output.destroy(error instanceof Error ? error : new Error(String(error)));
      }
      if (this.#guests.get(guest) !== conversation) return;
      this.#guests.delete(guest);
      // A caller whose connection is gone hears nothing any more.
      await say("Left", []).catch(() => undefined);
    };
    void serve();
    return conversation;
  }

  #operationsFor(guest: string): Readonly<Record<string, Operation>> {
    const { type, operations } = this.#spec;
    return Object.fromEntries(
      operations.map(({ name: operation }) => [
        operation,
        async (input, { signal, progress }) => {
          const onProgress = (data: Parameters<typeof progress>[0]) => void progress(data);
          const request = { type, operation, input, principal: `dbus:${guest}`, onProgress };
          try {
            return await this.#pool.run(request, { signal, caller: guest });
          } catch (error) {
            throw toFailure(error);
          }
        },
      ]),
    );
  }
}

/** What the caller is told: of errors that are no part of the product, the message alone. */
function toFailure(error: unknown): unknown {
  if (error instanceof AgentTaskError) return operationFailure(error.failure);
  if (!isOpError(error)) return error;
  const { code, message, advice, retryable, data } = error;
  return operationFailure({
    code,
    message,
    retryable,
    data,
    ...(advice === undefined ? {} : { advice }),
  });
}

interface Conversation {
  readonly input: PassThrough;
  readonly output: Writable;
}
