import type { MalformedMessageError } from "../dbus-error.ts";
import { isBusName } from "../names/bus-name.ts";
import { isErrorName } from "../names/error-name.ts";
import { isInterfaceName } from "../names/interface-name.ts";
import { isMemberName } from "../names/member-name.ts";
import { isObjectPath } from "../names/object-path.ts";
import { messageTypes, type Message } from "./message.ts";
import { parsePeerSignature, unmarshal } from "./unmarshal.ts";
import type { DBusValue } from "./value.ts";
import { malformed, type WireReader } from "./wire-reader.ts";

/** The names in the message before. Most messages carry the same ones, which are not made and checked again. */
export interface LastNames {
  path: string;
  interface: string;
  member: string;
  errorName: string;
  destination: string;
  sender: string;
}

/** The names before the first message. */
export function createLastNames(): LastNames {
  return { path: "", interface: "", member: "", errorName: "", destination: "", sender: "" };
}

type Draft = { -readonly [K in keyof Message]-?: Message[K] };

/** Reads the message a reader was set to; throws `ERR_DBUS_MALFORMED`. */
export function decodeMessage(reader: WireReader, last: LastNames): Message {
  reader.uint8();
  const type = reader.uint8();
  const flags = reader.uint8();
  reader.uint8();
  const bodyBytes = reader.uint32();
  const serial = reader.uint32();
  if (type === 0) throw malformed("its type is 0");
  if (serial === 0) throw malformed("its serial number is 0");
  const message = createDraft(type, flags, serial);
  readFields(reader, message, last);
  if (reader.remaining !== bodyBytes) throw malformed("its body has another length than it says");
  checkFields(message);
  if (message.signature !== "" || bodyBytes > 0) message.body = readBody(reader, message.signature);
  return message;
}

function createDraft(type: number, flags: number, serial: number): Draft {
  return {
    type,
    flags,
    serial,
    path: undefined,
    interface: undefined,
    member: undefined,
    errorName: undefined,
    replySerial: undefined,
    destination: undefined,
    sender: undefined,
    signature: "",
    body: noBody,
  };
}

const noBody: readonly DBusValue[] = Object.freeze([]);

function readBody(reader: WireReader, signature: string): readonly DBusValue[] {
  const body: DBusValue[] = [];
  for (const type of parsePeerSignature(signature)) body.push(unmarshal(reader, type));
  if (reader.remaining > 0) throw malformed("its body is longer than its signature says");
  return body;
}

function readFields(reader: WireReader, message: Draft, last: LastNames): void {
  const bytes = reader.uint32();
  const end = reader.offset + bytes;
  if (bytes > reader.remaining) throw malformed("its header is longer than the message");
  while (reader.offset < end) {
    reader.align(8);
    readField(reader, message, last);
  }
  if (reader.offset !== end) throw malformed("its header ends inside of a field");
  reader.align(8);
}

function readField(reader: WireReader, message: Draft, last: LastNames): void {
  const code = reader.uint8();
  const signature = reader.signature();
  switch (code) {
    case 1:
      message.path = readPath(reader, signature, last);
      return;
    case 2:
      message.interface = readName(reader, signature, last, "interface");
      return;
    case 3:
      message.member = readName(reader, signature, last, "member");
      return;
    case 4:
      message.errorName = readName(reader, signature, last, "errorName");
      return;
    case 5:
      message.replySerial = readReplySerial(reader, signature);
      return;
    case 6:
      message.destination = readName(reader, signature, last, "destination");
      return;
    case 7:
      message.sender = readName(reader, signature, last, "sender");
      return;
    case 8:
      if (signature !== "g") throw wrongType();
      message.signature = reader.signature();
      return;
    case 0:
      throw malformed("a header field has the number 0");
    default:
      // The specification reserves unknown fields for its future and asks to skip them.
      for (const type of parsePeerSignature(signature)) unmarshal(reader, type);
  }
}

function readPath(reader: WireReader, signature: string, last: LastNames): string {
  if (signature !== "o") throw wrongType();
  const path = reader.stringLike(last.path);
  if (path === last.path && path !== "") return path;
  if (!isObjectPath(path)) throw malformed("a header field is no object path");
  // The specification keeps it for messages that programs send to themselves.
  if (path === "/org/freedesktop/DBus/Local") throw malformed("its path is reserved");
  last.path = path;
  return path;
}

const nameChecks = {
  interface: isInterfaceName,
  member: isMemberName,
  errorName: isErrorName,
  destination: isBusName,
  sender: isBusName,
};

function readName(
  reader: WireReader,
  signature: string,
  last: LastNames,
  field: keyof typeof nameChecks,
): string {
  if (signature !== "s") throw wrongType();
  const known = last[field];
  const name = reader.stringLike(known);
  if (name === known && known !== "") return name;
  if (!nameChecks[field](name)) throw malformed("a header field is no valid name");
  last[field] = name;
  return name;
}

function readReplySerial(reader: WireReader, signature: string): number {
  if (signature !== "u") throw wrongType();
  const serial = reader.uint32();
  if (serial === 0) throw malformed("it answers the serial number 0");
  return serial;
}

function checkFields(message: Message): void {
  const { type, path, member, errorName, replySerial } = message;
  const isComplete =
    (type !== messageTypes.call || (path !== undefined && member !== undefined)) &&
    (type !== messageTypes.signal ||
      (path !== undefined && member !== undefined && message.interface !== undefined)) &&
    (type !== messageTypes.error || (errorName !== undefined && replySerial !== undefined)) &&
    (type !== messageTypes.return || replySerial !== undefined);
  if (!isComplete) throw malformed("a header field that its type needs is missing");
}

function wrongType(): MalformedMessageError {
  return malformed("a header field has the wrong type");
}
