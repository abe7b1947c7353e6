import { createEventBoard, isAbortOf, startDeadline, systemClock, type Logger } from "op-core";
import {
  busInterfaceShape,
  createProxy,
  listServices,
  watchServices,
  type BusConnection,
  type EventStream,
  type ServiceChange,
} from "op-dbus";
import { quote } from "../agents/text/quote.ts";
import type { AgentSpec, OperationRisk } from "../spec/agent-spec.ts";
import { typeOnBus } from "../spec/bus-name-of.ts";
import { defineAgent } from "../spec/define-agent.ts";
import type { FoundAgents } from "../spec/found-agents.ts";
import type { AgentDescription } from "./agent-description.ts";
import { agentInterface, pathOf } from "./agent-interface.ts";

/** What finding agents on a bus takes. */
export interface FindAgentsOptions {
  readonly bus: BusConnection;
  /** Names, or patterns with `*` for any part of a name. What none of them says is not even asked what it is. */
  readonly names: readonly string[];
  /** How much an operation is taken to do at least, whatever its agent says of it. */
  readonly leastRisk: OperationRisk;
  readonly logger: Logger;
}

/** How long an agent may take to say what it does. */
const describeMs = 10_000;

/**
 * Finds agents on a bus as they come and go. One that says something else of itself than when it was first seen is not
 * offered any more. An agent that the bus would have to start is found only by its whole name.
 */
export async function openFoundAgents(
  options: FindAgentsOptions,
  { signal }: { readonly signal: AbortSignal },
): Promise<FoundAgents & AsyncDisposable> {
  const { bus } = options;
  const finder = new AgentFinder(options);
  const changes = await watchServices(bus, { isLocal: false, debounceMs: 100 });
  try {
    for (const { name } of await listServices(bus, { signal })) await finder.look(name);
  } catch (error) {
    await changes[Symbol.asyncDispose]();
    throw error;
  }
  const followed = finder.follow(changes);
  return {
    current: async () => await Promise.resolve(finder.specs),
    changes: (how) => finder.changed.read(how.signal),
    [Symbol.asyncDispose]: async () => {
      finder.close();
      await changes[Symbol.asyncDispose]();
      await followed;
    },
  };
}

class AgentFinder {
  readonly changed = createEventBoard<void>();
  readonly #options: FindAgentsOptions;
  readonly #closing = new AbortController();
  readonly #specs = new Map<string, AgentSpec>();
  /** Which connections were asked. */
  readonly #asked = new Map<string, string | undefined>();
  /** What each has said of itself when it was first seen. */
  readonly #first = new Map<string, string>();

  constructor(options: FindAgentsOptions) {
    this.#options = options;
  }

  get specs(): readonly AgentSpec[] {
    return [...this.#specs.values()];
  }

  close(): void {
    this.#closing.abort();
  }

  async follow(changes: EventStream<ServiceChange>): Promise<void> {
    for await (const { kind, name } of changes) {
      if (this.#closing.signal.aborted) return;
      const before = this.#specs.get(name);
      if (kind === "vanished") this.#forget(name);
      else await this.look(name);
      if (this.#specs.get(name) !== before) this.changed.tell();
    }
  }

  /** Sees to it that an agent with this name is known as it is now, if it may be. */
  async look(name: string): Promise<void> {
    const { bus, names, logger } = this.#options;
    if (!names.some((pattern) => matches(name, pattern))) return;
    const owner = await this.#ownerOf(name);
    // What is shown here by oneself is at hand anyway.
    const isOffered =
      owner === bus.uniqueName ? false : owner !== undefined || names.includes(name);
    if (!isOffered) {
      this.#forget(name);
      return;
    }
    // Who has stopped is started by the next task.
    if (owner === undefined && this.#specs.has(name)) return;
    if (this.#asked.has(name) && this.#asked.get(name) === owner) return;
    this.#asked.set(name, owner);
    try {
      const said = await this.#ask(name);
      // The schemas are needed only where somebody is found.
      const { parseDescription } = await import("./agent-description.ts");
      this.#take(name, said, parseDescription(said));
    } catch (error) {
      this.#specs.delete(name);
      if (isAbortOf(error, this.#closing.signal)) return;
      logger.warn("an agent on the bus does not say what it does, and is not offered", {
        name,
        error,
      });
    }
  }

  #forget(name: string): void {
    this.#specs.delete(name);
    this.#asked.delete(name);
  }

  #take(name: string, said: string, description: AgentDescription): void {
    const { leastRisk, logger } = this.#options;
    if (this.#closing.signal.aborted) return;
    const first = this.#first.get(name) ?? said;
    if (first !== said) {
      this.#specs.delete(name);
      logger.warn(
        "an agent on the bus says something else of itself than before, and is not offered until op-mcp starts again",
        { name },
      );
      return;
    }
    const known = this.#specs.get(name);
    if (known !== undefined) return;
    this.#specs.set(name, toSpec(name, description, leastRisk));
    this.#first.set(name, said);
    logger.info("an agent was found on the bus", { name: quote(name) });
  }

  async #ownerOf(name: string): Promise<string | undefined> {
    const driver = { destination: busInterfaceShape.name, path: "/org/freedesktop/DBus" };
    const proxy = createProxy(this.#options.bus, busInterfaceShape, driver);
    const { signal } = this.#closing;
    const [owner] = await proxy.call("GetNameOwner", [name], { signal }).catch(() => []);
    return owner;
  }

  async #ask(name: string): Promise<string> {
    const { signal } = this.#closing;
    using deadline = startDeadline({
      what: `Asking ${name} what it does`,
      ms: describeMs,
      clock: systemClock,
      signal,
    });
    const agent = { destination: name, path: pathOf(name) };
    const proxy = createProxy(this.#options.bus, agentInterface, agent);
    return await proxy.get("Description", { signal: deadline.signal });
  }
}

/** A pattern means what it says, except that a star stands for any part of a name. */
function matches(name: string, pattern: string): boolean {
  const parts = pattern.split("*").map((part) => part.replaceAll(/[.\\+?^${}()|[\]]/gu, "\\$&"));
  return new RegExp(`^${parts.join("[\\w.-]+")}$`, "u").test(name);
}

const risks: readonly OperationRisk[] = ["read", "write", "destructive", "privileged"];

function toSpec(
  name: string,
  { description, operations }: AgentDescription,
  leastRisk: OperationRisk,
): AgentSpec {
  return defineAgent({
    type: typeOnBus(name),
    description,
    program: { kind: "bus", name },
    // Each connection has one conversation with it, which is opened when it is needed.
    instances: { min: 0, max: 1 },
    operations: operations.map(({ outputSchema, ...operation }) => ({
      ...operation,
      ...(outputSchema === undefined ? {} : { outputSchema }),
      risk: risks.indexOf(operation.risk) < risks.indexOf(leastRisk) ? leastRisk : operation.risk,
    })),
  });
}
