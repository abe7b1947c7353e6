import {
  InvalidSignatureError,
  InvalidValueError,
  MessageTooLargeError,
  UnixFdError,
} from "../dbus-error.ts";
import { parseSignature } from "../signature/parse-signature.ts";
import { formatType } from "../signature/format-signature.ts";
import type { DBusType } from "../signature/signature.ts";
import { byteOrders, fixedHeaderBytes, protocolVersion } from "./limits.ts";
import { marshal } from "./marshal.ts";
import type { MessageHeader } from "./message.ts";
import { mismatch, ofArgument } from "./value-mismatch.ts";
import type { DBusValue } from "./value.ts";
import type { WireWriter } from "./wire-writer.ts";

/** A message that is to be written. Its names have been checked. */
export interface OutgoingMessage {
  readonly header: MessageHeader;
  readonly serial: number;
  readonly body: readonly DBusValue[];
  /** What the arguments are called, for errors. */
  readonly argumentNames?: readonly string[] | undefined;
}

const fieldCodes = {
  path: 1,
  interface: 2,
  member: 3,
  errorName: 4,
  replySerial: 5,
  destination: 6,
  sender: 7,
  signature: 8,
} as const;

/**
 * Writes a message; nothing of it stays in the writer when it throws. Throws `ERR_DBUS_VALUE` when an argument is not
 * of its type, `ERR_DBUS_UNIX_FD` when the signature has a file descriptor, `ERR_DBUS_TOO_LARGE` beyond the limit.
 */
export function encodeMessage(
  writer: WireWriter,
  message: OutgoingMessage,
  maxMessageBytes: number,
): void {
  try {
    const bodyStart = beginMessage(writer, message);
    if (message.header.signature !== undefined || message.body.length > 0) {
      writeBody(writer, message);
    }
    writer.patch32(4, writer.length - bodyStart);
    if (writer.length > maxMessageBytes) throw new MessageTooLargeError(maxMessageBytes);
    writer.commit();
  } catch (error) {
    writer.rollback();
    throw error;
  }
}

/** A header that is the same as the one before is copied, because that is much of what a call costs. */
function beginMessage(writer: WireWriter, message: OutgoingMessage): number {
  const { header, serial } = message;
  const last = writer.lastHeader;
  if (last === undefined || !isSameHeader(last.header, header)) {
    writer.lastHeader = { header, bytes: undefined };
    return writeHeader(writer, message);
  }
  if (last.bytes === undefined) {
    const length = writeHeader(writer, message);
    last.bytes = writer.copy();
    return length;
  }
  writer.bytes(last.bytes);
  writer.patch32(8, serial);
  return last.bytes.length;
}

function isSameHeader(one: MessageHeader, other: MessageHeader): boolean {
  return (
    one.path === other.path &&
    one.member === other.member &&
    one.interface === other.interface &&
    one.destination === other.destination &&
    one.signature === other.signature &&
    one.flags === other.flags &&
    one.type === other.type &&
    one.replySerial === other.replySerial &&
    one.errorName === other.errorName &&
    one.sender === other.sender
  );
}

function writeHeader(writer: WireWriter, { header, serial }: OutgoingMessage): number {
  writer.uint8(byteOrders.little);
  writer.uint8(header.type);
  writer.uint8(header.flags);
  writer.uint8(protocolVersion);
  writer.uint32(0);
  writer.uint32(serial);
  writer.uint32(0);
  writeText(writer, fieldCodes.path, "o", header.path);
  writeText(writer, fieldCodes.interface, "s", header.interface);
  writeText(writer, fieldCodes.member, "s", header.member);
  writeText(writer, fieldCodes.errorName, "s", header.errorName);
  if (header.replySerial !== undefined) {
    beginField(writer, fieldCodes.replySerial, "u");
    writer.uint32(header.replySerial);
  }
  writeText(writer, fieldCodes.destination, "s", header.destination);
  writeText(writer, fieldCodes.sender, "s", header.sender);
  if (header.signature !== undefined && header.signature !== "") {
    beginField(writer, fieldCodes.signature, "g");
    writer.signature(header.signature);
  }
  writer.patch32(12, writer.length - fixedHeaderBytes);
  writer.align(8);
  return writer.length;
}

function beginField(writer: WireWriter, code: number, type: string): void {
  writer.align(8);
  writer.uint8(code);
  writer.signature(type);
}

function writeText(
  writer: WireWriter,
  code: number,
  type: "o" | "s",
  text: string | undefined,
): void {
  if (text === undefined) return;
  beginField(writer, code, type);
  writer.string(text);
}

function writeBody(writer: WireWriter, message: OutgoingMessage): void {
  const signature = message.header.signature ?? "";
  const types = parseSignature(signature);
  const { body } = message;
  if (types.length !== body.length) {
    const expected = `${types.length} arguments`;
    throw new InvalidValueError({
      argument: "list",
      signature,
      at: "",
      expected,
      found: `${body.length}`,
    });
  }
  for (let index = 0; index < types.length; index += 1) {
    const type = types[index];
    if (type === undefined) continue;
    if (type.hasUnixFd) throw new UnixFdError(nameOf(message, index), formatType(type));
    try {
      marshal(writer, type, body[index]);
    } catch (error) {
      throw toArgumentError(error, type, nameOf(message, index));
    }
  }
}

function nameOf({ argumentNames }: OutgoingMessage, index: number): string {
  const name = argumentNames?.[index];
  return name === undefined || name === "" ? String(index + 1) : JSON.stringify(name);
}

/** A variant's signature is part of a value, too. */
function toArgumentError(error: unknown, type: DBusType, argument: string): unknown {
  const isSignature = error instanceof InvalidSignatureError;
  const problem = isSignature
    ? mismatch("a Variant with a valid signature", error.data["signature"])
    : error;
  return ofArgument(problem, argument, formatType(type));
}
