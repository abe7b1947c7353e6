import type { DBusValue } from "./value.ts";

/** The kinds of messages. Peers may send others, which are to be ignored. */
export const messageTypes = { call: 1, return: 2, error: 3, signal: 4 } as const;

/** The bits of a message's flags. */
export const messageFlags = {
  noReplyExpected: 1,
  noAutoStart: 2,
  allowInteractiveAuthorization: 4,
} as const;

/** What is written in front of a message's body. */
export interface MessageHeader {
  readonly type: number;
  readonly flags: number;
  readonly path?: string | undefined;
  readonly interface?: string | undefined;
  readonly member?: string | undefined;
  readonly errorName?: string | undefined;
  readonly replySerial?: number | undefined;
  readonly destination?: string | undefined;
  readonly sender?: string | undefined;
  readonly signature?: string | undefined;
}

/** A message that was received. */
export interface Message extends MessageHeader {
  readonly serial: number;
  readonly sender: string | undefined;
  readonly signature: string;
  readonly body: readonly DBusValue[];
}
