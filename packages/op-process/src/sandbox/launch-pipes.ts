import type { ChildProcess } from "node:child_process";
import { Readable, Writable } from "node:stream";

/**
 * What passes between a spawner and a child that is being started: the filter of system calls, the word of who is the first
 * process of its namespace, and the leave to go on from there.
 */
export type LaunchPipe = "filter" | "init" | "gate";

/** Pipes come after the standard streams, in the order of the plan. */
const firstPipeFd = 3;

/** Where a pipe is open in the child. */
export function pipeFd(pipes: readonly LaunchPipe[], pipe: LaunchPipe): number {
  return firstPipeFd + pipes.indexOf(pipe);
}

/** What a child is spawned with to have these pipes, behind its standard streams. */
export function toStdio(pipes: readonly LaunchPipe[]): "pipe"[] {
  return pipes.map(() => "pipe");
}

/** This process' end of a pipe that the child reads. A child that is gone is told by its exit. */
export function writeEnd(
  child: ChildProcess,
  pipes: readonly LaunchPipe[],
  pipe: LaunchPipe,
): Writable | undefined {
  const stream = child.stdio[pipeFd(pipes, pipe)];
  if (!pipes.includes(pipe) || !(stream instanceof Writable)) return undefined;
  return stream.on("error", () => undefined);
}

/** This process' end of a pipe that the child writes. */
export function readEnd(
  child: ChildProcess,
  pipes: readonly LaunchPipe[],
  pipe: LaunchPipe,
): Readable | undefined {
  const stream = child.stdio[pipeFd(pipes, pipe)];
  return pipes.includes(pipe) && stream instanceof Readable ? stream : undefined;
}
