import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";

/** A program and its arguments. */
export type Program = readonly [string, ...string[]];

/** Somebody who calls one tool over and over, through the official client, as a host does. */
export interface Caller extends AsyncDisposable {
  call(): Promise<unknown>;
  /** Whether the tool is listed. */
  isListed(): Promise<boolean>;
}

/** Has a message given back. */
export type EchoCall = (message: string) => {
  readonly name: string;
  readonly arguments: Record<string, unknown>;
};

/** The upstream's own tool. */
export const callEcho: EchoCall = (message) => ({ name: "echo", arguments: { message } });

/** Starts a program and speaks with it over its standard streams. */
export async function openCaller([command, ...args]: Program): Promise<Caller> {
  const client = new Client({ name: "bench", version: "1" });
  await client.connect(new StdioClientTransport({ command, args, stderr: "ignore" }));
  const caller = createCaller(client, callEcho);
  while (!(await caller.isListed())) await sleep(5);
  return caller;
}

/** Calls the same tool each time, never with the same words: who keeps answers must ask for each of these. */
export function createCaller(client: Client, toCall: EchoCall): Caller {
  const { name: wanted } = toCall("");
  let calls = 0;
  return {
    call: async () => {
      const message = `hello ${(calls += 1)}!`;
      const { content, isError } = await client.callTool(toCall(message));
      if (isError === true || !JSON.stringify(content).includes(message))
        throw new Error(`not an echo of ${message}: ${JSON.stringify(content)}`);
    },
    isListed: async () =>
      (await client.listTools(undefined, { cacheMode: "refresh" })).tools.some(
        ({ name }) => name === wanted,
      ),
    [Symbol.asyncDispose]: () => client.close(),
  };
}

/** How long each of some calls took that were made one after the other, in milliseconds. */
export async function timeCalls(caller: Caller, count: number): Promise<readonly number[]> {
  const times: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const started = performance.now();
    await caller.call();
    times.push(performance.now() - started);
  }
  return times;
}

/** How many calls a second there are when 32 are always under way. */
export async function throughput(caller: Caller, total: number): Promise<number> {
  const started = performance.now();
  let left = total;
  const work = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await caller.call();
    }
  };
  await Promise.all(Array.from({ length: 32 }, work));
  return total / ((performance.now() - started) / 1000);
}

/** The value below which a share of the samples lies. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
