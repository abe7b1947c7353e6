import { execFile } from "node:child_process";
import type { Clock, Logger, Timer } from "op-core";
import type { Environment } from "../../config/environment.ts";

/** Tells systemd how the service is. Does nothing where nobody wants to know. */
export interface ServiceNotifier extends AsyncDisposable {
  /** Says that clients can come, and from then on, as often as systemd wants it, that this process is alive. */
  ready(status: string): void;
  status(text: string): void;
  /** Says that the service is leaving; systemd waits no longer than its own limit. */
  stopping(status: string): void;
}

/** What telling systemd takes. */
export interface ServiceNotifierOptions {
  readonly env: Environment;
  readonly pid: number;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Sends assignments; `systemd-notify` unless told. */
  readonly send?: (assignments: readonly string[]) => Promise<void>;
}

/**
 * Node has no datagram sockets of Unix, so systemd's own program speaks for this process; the unit needs
 * `NotifyAccess=all` for that. Messages leave one after the other.
 */
class SystemdNotifier implements ServiceNotifier {
  readonly #options: ServiceNotifierOptions;
  readonly #send: (assignments: readonly string[]) => Promise<void>;
  readonly #pingMs: number | undefined;
  #last: Promise<void> = Promise.resolve();
  #timer: Timer | undefined;

  constructor(options: ServiceNotifierOptions) {
    const { env } = options;
    this.#options = options;
    this.#send = options.send ?? ((assignments) => systemdNotify(assignments, env));
    this.#pingMs = watchdogMs(options);
  }

  ready(status: string): void {
    this.#say("READY=1", statusLine(status));
    this.#watch();
  }

  status(text: string): void {
    this.#say(statusLine(text));
  }

  stopping(status: string): void {
    this.#say("STOPPING=1", statusLine(status));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#timer?.[Symbol.dispose]();
    await this.#last;
  }

  #say(...assignments: readonly string[]): void {
    this.#last = this.#sendAfter(this.#last, assignments);
  }

  /** Never rejects: a service must not fail because nobody hears how it is. */
  async #sendAfter(before: Promise<void>, assignments: readonly string[]): Promise<void> {
    await before;
    try {
      await this.#send(assignments);
    } catch (error) {
      this.#options.logger.warn("systemd could not be told how the service is", { error });
    }
  }

  #watch(): void {
    if (this.#pingMs === undefined) return;
    this.#timer = this.#options.clock.startTimer(this.#pingMs, () => {
      this.#say("WATCHDOG=1");
      this.#watch();
    });
    this.#timer.unref();
  }
}

/** A third of systemd's patience: one message may be late. */
function watchdogMs({ env, pid }: ServiceNotifierOptions): number | undefined {
  const micros = Number(env["WATCHDOG_USEC"] ?? "");
  const isForUs = Number(env["WATCHDOG_PID"] ?? pid) === pid;
  return isForUs && micros > 0 ? Math.max(1, micros / 3000) : undefined;
}

/** A line break would begin another assignment. */
function statusLine(text: string): string {
  return `STATUS=${text.replaceAll(/[\r\n]+/gu, " ")}`;
}

function systemdNotify(assignments: readonly string[], env: Environment): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(
      "systemd-notify",
      [...assignments],
      { env: { NOTIFY_SOCKET: env["NOTIFY_SOCKET"], PATH: env["PATH"] }, timeout: 5000 },
      (error) => (error === null ? resolve() : reject(error)),
    );
  });
}

const silent: ServiceNotifier = {
  ready: () => undefined,
  status: () => undefined,
  stopping: () => undefined,
  [Symbol.asyncDispose]: () => Promise.resolve(),
};

/** Makes the notifier; a silent one where systemd gave no socket to speak to. */
export function createServiceNotifier(options: ServiceNotifierOptions): ServiceNotifier {
  return (options.env["NOTIFY_SOCKET"] ?? "") === "" ? silent : new SystemdNotifier(options);
}
