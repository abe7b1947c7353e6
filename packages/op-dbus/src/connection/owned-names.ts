import type { Logger } from "op-core";
import { NameTakenError } from "../dbus-error.ts";
import { parseWellKnownName } from "../names/bus-name.ts";
import type { CallOptions, RequestNameOptions } from "./bus-connection.ts";
import { toNumber, type CallBus } from "./bus-driver-call.ts";

const flagBits = { allowReplacement: 1, replaceExisting: 2, doNotQueue: 4 } as const;

/** What the bus answers when this connection has the name now, or had it before. */
const primaryOwner = 1;
const alreadyOwner = 4;

/** The names this connection asked for, so that it can ask for them again. */
export class OwnedNames {
  readonly #flags = new Map<string, number>();

  /** Asks for a name; rejects with `ERR_DBUS_NAME_TAKEN`. */
  async request(name: string, options: RequestNameOptions, call: CallBus): Promise<void> {
    options.signal?.throwIfAborted();
    parseWellKnownName(name);
    const flags =
      flagBits.doNotQueue |
      (options.allowReplacement === true ? flagBits.allowReplacement : 0) |
      (options.replaceExisting === true ? flagBits.replaceExisting : 0);
    await requestName(name, flags, call);
    this.#flags.set(name, flags);
  }

  /** Gives a name back. */
  async release(name: string, options: Pick<CallOptions, "signal">, call: CallBus): Promise<void> {
    options.signal?.throwIfAborted();
    parseWellKnownName(name);
    this.#flags.delete(name);
    await call("ReleaseName", "s", [name]);
  }

  /** Asks again for every name and returns those that could not be had. */
  async restore(call: CallBus, logger: Logger): Promise<readonly string[]> {
    const lost: string[] = [];
    for (const [name, flags] of this.#flags) {
      try {
        await requestName(name, flags, call);
      } catch (error) {
        logger.warn("a bus name could not be had again", { name, error });
        this.#flags.delete(name);
        lost.push(name);
      }
    }
    return lost;
  }
}

async function requestName(name: string, flags: number, call: CallBus): Promise<void> {
  const outcome = toNumber(await call("RequestName", "su", [name, flags]));
  if (outcome !== primaryOwner && outcome !== alreadyOwner) throw new NameTakenError(name);
}
