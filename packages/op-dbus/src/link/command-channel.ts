import type { ChildProcessWithoutNullStreams } from "node:child_process";
import type { Clock, Timer } from "op-core";
import { CommandEndedError } from "../dbus-error.ts";
import type { BusCommand } from "./bus-command.ts";
import type { ByteChannel, ByteReceiver } from "./byte-channel.ts";
import { whenDrained } from "./when-drained.ts";

/** How much of what a command complains about is kept, from its end. */
const keptComplaintChars = 2048;

/** How long a command may take to leave when nothing is sent to it any more. */
const leavingMs = 500;

/** Runs a command as a channel, in a group of processes of its own, none of which outlives the channel. */
export async function openCommandChannel(command: BusCommand, clock: Clock): Promise<ByteChannel> {
  // Loaded here, because whoever reaches a bus by a socket starts no processes.
  const { spawn } = await import("node:child_process");
  const child = spawn(command.file, command.args, { stdio: "pipe", detached: true });
  return new CommandChannel(child, command, clock);
}

class CommandChannel implements ByteChannel {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #clock: Clock;
  #receiver: ByteReceiver | undefined;
  #complaints = "";
  #end: { readonly error: Error | undefined } | undefined;
  /** Why it is closed from this side, once it is. */
  #closing: { readonly error: Error | undefined } | undefined;
  #leaving: Timer | undefined;

  constructor(child: ChildProcessWithoutNullStreams, { file }: BusCommand, clock: Clock) {
    this.#child = child;
    this.#clock = clock;
    child.stderr.on("data", (chunk: Buffer) => {
      this.#complaints = (this.#complaints + chunk.toString()).slice(-keptComplaintChars);
    });
    // That nobody reads any more is told by the command's end.
    child.stdin.on("error", () => undefined);
    child.once("error", (error) => this.#finish(error));
    child.once("exit", () => this.#killAll());
    child.once("close", (code, signal) => {
      const outcome = signal === null ? `exit code ${code}` : signal;
      this.#finish(new CommandEndedError(file, outcome, this.#complaints));
    });
    child.stdout.once("end", () => this.#leave());
  }

  get unsentBytes(): number {
    return this.#child.stdin.writableLength;
  }

  setReceiver(receiver: ByteReceiver): void {
    const isFirst = this.#receiver === undefined;
    this.#receiver = receiver;
    if (isFirst) this.#child.stdout.on("data", (chunk: Buffer) => this.#receiver?.bytes(chunk));
    if (this.#end !== undefined) {
      const { error } = this.#end;
      queueMicrotask(() => receiver.closed(error));
    }
  }

  write(bytes: Buffer): void {
    if (this.#child.stdin.writable) this.#child.stdin.write(bytes);
  }

  async whenDrained(): Promise<void> {
    await whenDrained(this.#child.stdin);
  }

  destroy(error?: Error): void {
    this.#closing ??= { error };
    this.#child.stdin.destroy();
    this.#killAll();
  }

  [Symbol.dispose](): void {
    this.#closing ??= { error: undefined };
    this.#leave();
  }

  /** Tells the command that nothing comes any more, and ends it if it does not leave by itself. */
  #leave(): void {
    this.#child.stdin.end();
    if (this.#end !== undefined || this.#leaving !== undefined) return;
    this.#leaving = this.#clock.startTimer(leavingMs, () => this.#killAll());
  }

  #killAll(): void {
    this.#leaving?.[Symbol.dispose]();
    const { pid } = this.#child;
    if (pid === undefined) return;
    try {
      process.kill(-pid, "SIGKILL");
    } catch {
      // The whole group is gone already.
    }
  }

  #finish(error: Error): void {
    if (this.#end !== undefined) return;
    this.#leaving?.[Symbol.dispose]();
    this.#end = this.#closing ?? { error };
    this.#receiver?.closed(this.#end.error);
  }
}
