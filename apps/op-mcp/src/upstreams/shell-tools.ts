import { abortable } from "op-core";
import {
  isToolName,
  type SourceOptions,
  type Tool,
  type ToolDescriptor,
  type ToolSource,
  type ToolSourceChange,
} from "op-tools";
import type { ShellEvent, UpstreamShell } from "./upstream-shell.ts";

async function untilReset(events: AsyncIterator<ShellEvent>): Promise<void> {
  for (;;) {
    const { done, value } = await events.next();
    if (done === true || value.kind === "reset") return;
  }
}

/** The tools of one server. A manifest answers for them until one is called. */
export class ShellTools implements ToolSource {
  readonly name: string;
  readonly #shell: UpstreamShell;

  constructor(shell: UpstreamShell) {
    this.name = shell.name;
    this.#shell = shell;
  }

  /** A tool that is called otherwise may be called anything. */
  get prefix(): string | undefined {
    const { prefix = "", tools = [] } = this.#shell.settings;
    const isRenamed = tools.some(({ rename }) => rename !== undefined);
    const start = `${prefix}_`;
    return prefix === "" || isRenamed || !isToolName(start) ? undefined : start;
  }

  async *list(options: SourceOptions): AsyncGenerator<ToolDescriptor> {
    const listed = await this.#shell.use(({ sources }) =>
      Array.fromAsync(sources.tools.list(options)),
    );
    yield* listed;
    // It runs: what else it has is known next time without starting it, also where this run ends with the list.
    await this.#shell.lists(options.signal);
  }

  async load(name: string, { signal }: SourceOptions): Promise<Tool> {
    const tool = await this.#shell.use((opened, life) => life.toolOf(opened, name, signal));
    return {
      ...tool,
      // The server may be configured in another way by then.
      call: (args, context) =>
        this.#shell.use(async (opened, life) =>
          (await life.toolOf(opened, name, context.signal)).call(args, context),
        ),
    };
  }

  async *changes({ signal }: SourceOptions): AsyncGenerator<ToolSourceChange> {
    const events = this.#shell.events.read(signal)[Symbol.asyncIterator]();
    while (!signal.aborted) {
      // A swap ends what is followed, and has everything listed again.
      const round = new AbortController();
      const swapped = untilReset(events).then(() => round.abort());
      yield* this.#followOne(AbortSignal.any([signal, round.signal]));
      await swapped;
      if (!signal.aborted) yield { kind: "source-reset" };
    }
  }

  fingerprint({ signal }: SourceOptions): Promise<string> {
    return Promise.try(() => {
      signal.throwIfAborted();
      return this.#shell.fingerprint;
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#shell[Symbol.asyncDispose]();
  }

  async *#followOne(signal: AbortSignal): AsyncGenerator<ToolSourceChange> {
    const opened = await abortable(this.#shell.whenOpened, signal).catch(() => undefined);
    if (opened === undefined) return;
    yield* opened.sources.tools.changes?.({ signal }) ?? [];
  }
}
