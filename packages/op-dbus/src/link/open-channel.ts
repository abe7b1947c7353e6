import type { Clock } from "op-core";
import type { BusAddress } from "./bus-address.ts";
import type { ByteChannel } from "./byte-channel.ts";
import { openCommandChannel } from "./command-channel.ts";
import { connectSocket } from "./connect-socket.ts";

/** What bounds an attempt to reach a bus. */
export interface OpenChannelOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Opens a channel to one address; rejects with Node's own error, or with the signal's reason. */
export async function openChannel(
  address: BusAddress,
  { clock, signal }: OpenChannelOptions,
): Promise<ByteChannel> {
  if (address.transport !== "command") return await connectSocket(address, { signal });
  signal.throwIfAborted();
  return await openCommandChannel(address.command, clock);
}
