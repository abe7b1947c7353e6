/** What the specification allows. */
export const wireLimits = {
  arrayBytes: 64 * 1024 * 1024,
  messageBytes: 128 * 1024 * 1024,
} as const;

/** The fixed part of a message's header. */
export const fixedHeaderBytes = 16;

/** The first byte of a message says how its numbers are written. */
export const byteOrders = { little: 0x6c, big: 0x42 } as const;

/** The protocol's only version. */
export const protocolVersion = 1;
