import { isUniqueName } from "../names/bus-name.ts";
import type { Signal, SignalRule } from "./bus-connection.ts";
import { busInterface, busName } from "./bus-driver-names.ts";
import type { MatchTable } from "./match-table.ts";

/** Asks the bus who has a name; resolves with the empty string when nobody does. */
export type AskOwner = (name: string) => Promise<string>;

interface Tracked {
  uses: number;
  owner: string;
  /** Changes with every change of the owner, so that an older answer cannot overwrite a newer change. */
  version: number;
}

/** Knows who owns the names that signals are wanted from. */
export class NameOwners {
  readonly #matches: MatchTable;
  readonly #ask: AskOwner;
  readonly #tracked = new Map<string, Tracked>();

  constructor(matches: MatchTable, ask: AskOwner) {
    this.#matches = matches;
    this.#ask = ask;
  }

  /** Whether a message from this sender is one from this name. */
  isFrom(name: string, sender: string | undefined): boolean {
    if (name === sender) return true;
    return sender !== undefined && this.#tracked.get(name)?.owner === sender;
  }

  /** Follows a name's owner; resolves when it is known. Disposing lets go of the name. */
  async track(name: string): Promise<Disposable> {
    using undo = new DisposableStack();
    // A unique name is its own owner, and the bus owns its own name for good.
    if (isUniqueName(name) || name === busName) return undo.move();
    const tracked = this.#tracked.get(name) ?? { uses: 0, owner: "", version: 0 };
    tracked.uses += 1;
    this.#tracked.set(name, tracked);
    undo.defer(() => {
      tracked.uses -= 1;
      if (tracked.uses === 0) this.#tracked.delete(name);
    });
    undo.use(await this.#matches.acquire(ownerRule(name)));
    await this.#learn(name, tracked, this.#ask);
    return undo.move();
  }

  /** Asks again for every owner, after the bus came back. */
  async restore(ask: AskOwner): Promise<void> {
    await Promise.all(
      this.#tracked.entries().map(([name, tracked]) => this.#learn(name, tracked, ask)),
    );
  }

  /** Forgets every owner: unique names of a bus mean nothing to its successor. */
  forget(): void {
    for (const tracked of this.#tracked.values()) {
      tracked.owner = "";
      tracked.version += 1;
    }
  }

  /** Learns from what the bus says of its own accord. */
  observe({ sender, interface: interfaceName, member, body }: Signal): void {
    if (sender !== busName || interfaceName !== busInterface) return;
    if (member !== "NameOwnerChanged") return;
    const [name, , owner] = body;
    if (typeof name !== "string" || typeof owner !== "string") return;
    const tracked = this.#tracked.get(name);
    if (tracked === undefined) return;
    tracked.owner = owner;
    tracked.version += 1;
  }

  async #learn(name: string, tracked: Tracked, ask: AskOwner): Promise<void> {
    const { version } = tracked;
    const owner = await ask(name);
    if (tracked.version === version) tracked.owner = owner;
  }
}

function ownerRule(name: string): SignalRule {
  return { sender: busName, interface: busInterface, member: "NameOwnerChanged", arg0: name };
}
