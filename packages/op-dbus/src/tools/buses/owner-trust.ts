import { readFile } from "node:fs/promises";
import { createGlob } from "../../access/glob.ts";
import type { BusConnection, CallOptions } from "../../connection/bus-connection.ts";
import { busName } from "../../connection/bus-driver-names.ts";
import { UnknownMemberError, UntrustedOwnerError } from "../dbus-tools-error.ts";
import type { BusTarget } from "./bus-target.ts";
import { findOwner, findUid, startService } from "./service-owners.ts";

/** Services that do not run as root, and the users that distributions run them as. */
const expectedUsers: Readonly<Record<string, readonly string[]>> = {
  "org.freedesktop.resolve1": ["systemd-resolve"],
  "org.freedesktop.network1": ["systemd-network"],
  "org.freedesktop.timesync1": ["systemd-timesync"],
  "org.freedesktop.oom1": ["systemd-oom"],
  "org.freedesktop.PolicyKit1": ["polkitd"],
  "org.freedesktop.Avahi": ["avahi"],
  "org.freedesktop.ColorManager": ["colord"],
  "org.freedesktop.GeoClue2": ["geoclue"],
  "org.freedesktop.RealtimeKit1": ["rtkit"],
};

/** Who may own names of system buses besides root. */
export interface OwnerTrustOptions {
  /** Names of users, or uids, by patterns of services. */
  readonly trustedUsers: Readonly<Record<string, readonly (string | number)[]>>;
  /** The user this process runs as: whoever is it could change this process as well. */
  readonly ownUid: number | undefined;
  /** Where the names of local users are. */
  readonly passwdFile?: string;
}

/**
 * Finds out who a call would go to, so that it goes to exactly them. On a system bus, what changes something goes only to
 * owners that run as root, as this process's user, or as the user that is expected.
 */
export class OwnerTrust {
  readonly #options: OwnerTrustOptions;
  #users: Promise<ReadonlyMap<string, number>> | undefined;

  constructor(options: OwnerTrustOptions) {
    this.#options = options;
  }

  /** The unique name to send to; the service is started when it does not run. Rejects with `ERR_DBUS_UNTRUSTED_OWNER`. */
  async pin(
    bus: BusConnection,
    { target, service }: { readonly target: BusTarget; readonly service: string },
    options: CallOptions,
  ): Promise<string> {
    let owner = await findOwner(bus, service, options);
    if (owner === undefined) {
      await startService(bus, service, options);
      owner = await findOwner(bus, service, options);
    }
    if (owner === undefined) throw new UnknownMemberError(`running service ${service}`);
    if (target.kind === "session" || owner === busName) return owner;
    const uid = await findUid(bus, owner, options);
    if (!(await this.#isTrusted(target, service, uid))) {
      throw new UntrustedOwnerError(service, owner, uid);
    }
    return owner;
  }

  async #isTrusted(target: BusTarget, service: string, uid: number | undefined): Promise<boolean> {
    if (uid === undefined) return false;
    if (uid === 0) return true;
    const { trustedUsers, ownUid } = this.#options;
    const trusted = Object.entries(trustedUsers).flatMap(([pattern, users]) =>
      createGlob(pattern)(service) ? users : [],
    );
    if (trusted.includes(uid)) return true;
    // Users of another machine have nothing to do with those of this one.
    if (!target.isLocal) return false;
    if (uid === ownUid) return true;
    const users = await this.#localUsers();
    const names = [...trusted, ...(expectedUsers[service] ?? [])];
    return names.some((name) => typeof name === "string" && users.get(name) === uid);
  }

  async #localUsers(): Promise<ReadonlyMap<string, number>> {
    this.#users ??= readUsers(this.#options.passwdFile ?? "/etc/passwd");
    return await this.#users;
  }
}

async function readUsers(file: string): Promise<ReadonlyMap<string, number>> {
  const text = await readFile(file, "utf8");
  const entries = text.split("\n").flatMap((line): [string, number][] => {
    const [name, , uid] = line.split(":");
    return name !== undefined && uid !== undefined && /^\d+$/.test(uid)
      ? [[name, Number(uid)]]
      : [];
  });
  return new Map(entries);
}
