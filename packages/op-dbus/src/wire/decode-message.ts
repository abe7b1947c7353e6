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

type Fields = {
  -readonly [
    K in
      | "path"
      | "interface"
      | "member"
      | "errorName"
      | "replySerial"
      | "destination"
      | "sender"
      | "signature"
  ]: Message[K] | undefined;
};

/** Reads the message a reader was set to; throws `ERR_DBUS_MALFORMED`. */
export function decodeMessage(reader: WireReader): Message {
  reader.uint8();
  const type = reader.uint8();
  const flags = reader.uint8();
  reader.uint8();
  const bodyBytes = reader.uint32();
  const serial = reader.uint32();
  if (type === 0) throw malformed("its type is 0");
  if (serial === 0) throw malformed("its serial number is 0");
  const fields = readFields(reader);
  if (reader.remaining !== bodyBytes) throw malformed("its body has another length than it says");
  checkFields(type, fields);
  const { signature = "" } = fields;
  return { type, flags, serial, ...fields, signature, body: readBody(reader, signature) };
}

function readBody(reader: WireReader, signature: string): readonly DBusValue[] {
  const body: DBusValue[] = [];
  for (const type of parsePeerSignature(signature)) body.push(unmarshal(reader, type));
  if (reader.remaining > 0) throw malformed("its body is longer than its signature says");
  return body;
}

function readFields(reader: WireReader): Fields {
  const fields: Fields = {
    path: undefined,
    interface: undefined,
    member: undefined,
    errorName: undefined,
    replySerial: undefined,
    destination: undefined,
    sender: undefined,
    signature: undefined,
  };
  const bytes = reader.uint32();
  const end = reader.offset + bytes;
  if (bytes > reader.remaining) throw malformed("its header is longer than the message");
  while (reader.offset < end) {
    reader.align(8);
    readField(reader, fields);
  }
  if (reader.offset !== end) throw malformed("its header ends inside of a field");
  reader.align(8);
  return fields;
}

function readField(reader: WireReader, fields: Fields): void {
  const code = reader.uint8();
  const signature = reader.signature();
  switch (code) {
    case 1:
      fields.path = readPath(reader, signature);
      return;
    case 2:
      fields.interface = readName(reader, signature, isInterfaceName);
      return;
    case 3:
      fields.member = readName(reader, signature, isMemberName);
      return;
    case 4:
      fields.errorName = readName(reader, signature, isErrorName);
      return;
    case 5:
      fields.replySerial = readReplySerial(reader, signature);
      return;
    case 6:
      fields.destination = readName(reader, signature, isBusName);
      return;
    case 7:
      fields.sender = readName(reader, signature, isBusName);
      return;
    case 8:
      if (signature !== "g") throw wrongType();
      fields.signature = reader.signature();
      return;
    case 0:
      throw malformed("a header field has the number 0");
    default:
      // The specification reserves unknown fields for its future and asks to skip them.
      for (const type of parsePeerSignature(signature)) unmarshal(reader, type);
  }
}

function readPath(reader: WireReader, signature: string): string {
  if (signature !== "o") throw wrongType();
  const path = reader.string();
  if (!isObjectPath(path)) throw malformed("a header field is no object path");
  // The specification keeps it for messages that programs send to themselves.
  if (path === "/org/freedesktop/DBus/Local") throw malformed("its path is reserved");
  return path;
}

function readName(
  reader: WireReader,
  signature: string,
  isValid: (name: string) => boolean,
): string {
  if (signature !== "s") throw wrongType();
  const name = reader.string();
  if (!isValid(name)) throw malformed("a header field is no valid name");
  return name;
}

function readReplySerial(reader: WireReader, signature: string): number {
  if (signature !== "u") throw wrongType();
  const serial = reader.uint32();
  if (serial === 0) throw malformed("it answers the serial number 0");
  return serial;
}

function checkFields(type: number, fields: Fields): void {
  const { path, member, errorName, replySerial } = fields;
  const isComplete =
    (type !== messageTypes.call || (path !== undefined && member !== undefined)) &&
    (type !== messageTypes.signal ||
      (path !== undefined && member !== undefined && fields.interface !== undefined)) &&
    (type !== messageTypes.error || (errorName !== undefined && replySerial !== undefined)) &&
    (type !== messageTypes.return || replySerial !== undefined);
  if (!isComplete) throw malformed("a header field that its type needs is missing");
}

function wrongType(): MalformedMessageError {
  return malformed("a header field has the wrong type");
}
