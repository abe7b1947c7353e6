import type { Socket } from "node:net";
import type { StreamServer } from "./open-stream-server.ts";
import { streamNames, type StartOrder } from "./spawner-message.ts";

/** A child's ends of its standard streams; disposing closes this process' copies. */
export interface TakenStreams extends Disposable {
  readonly stdio: readonly (Socket | "ignore")[];
}

/** Takes each piped stream from the host, which connects it and introduces it by its token. */
export async function takeStreams(
  server: StreamServer,
  { tokens }: StartOrder,
  signal: AbortSignal,
): Promise<TakenStreams> {
  using opened = new DisposableStack();
  const stdio = await Promise.all(
    streamNames.map(async (name) => {
      const token = tokens[name];
      if (token === undefined) return "ignore";
      return opened.adopt(await server.take(token, signal), (stream) => void stream.destroy());
    }),
  );
  const kept = opened.move();
  return { stdio, [Symbol.dispose]: () => kept.dispose() };
}
