import { hash } from "node:crypto";
import type { AgentSource } from "op-agents/tools";
import type { SourceOptions, Tool, ToolDescriptor, ToolSource } from "op-tools";
import { packageFacts } from "../package.ts";
import type { OpenAgentsOptions } from "./open-agents.ts";

/** The name of the source of agents' tools. */
export const agentsSourceName = "agents";

/** The tools of agents, whose code is loaded when one of them is used or listed anew. */
export class LazyAgents implements ToolSource {
  readonly name = agentsSourceName;
  readonly #options: OpenAgentsOptions;
  #opening: Promise<AgentSource> | undefined;

  constructor(options: OpenAgentsOptions) {
    this.#options = options;
  }

  async *list(options: SourceOptions): AsyncGenerator<ToolDescriptor> {
    yield* (await this.#source()).list(options);
  }

  async load(name: string, options: SourceOptions): Promise<Tool> {
    return await (await this.#source()).load(name, options);
  }

  /** The list changes with the program and the configuration alone, so an unchanged one is not even asked for. */
  async fingerprint(): Promise<string> {
    const basis = JSON.stringify([packageFacts().version, this.#options.config]);
    return await Promise.resolve(hash("sha256", basis));
  }

  /** Cancels tasks that nobody waits for. */
  async leave(): Promise<void> {
    (await this.#opening)?.leave();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await (await this.#opening)?.[Symbol.asyncDispose]();
  }

  #source(): Promise<AgentSource> {
    this.#opening ??= import("./open-agents.ts").then(({ openAgents }) =>
      openAgents(this.#options),
    );
    return this.#opening;
  }
}
