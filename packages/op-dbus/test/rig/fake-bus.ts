import { createServer, type Socket } from "node:net";
import { mkdtemp, rm } from "node:fs/promises";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeMessage } from "../../src/wire/encode-message.ts";
import { messageTypes, type Message, type MessageHeader } from "../../src/wire/message.ts";
import { MessageSplitter } from "../../src/wire/message-splitter.ts";
import type { DBusValue } from "../../src/wire/value.ts";
import { WireWriter } from "../../src/wire/wire-writer.ts";

const maxBytes = 1 << 27;

/** What a fake bus does instead of what a bus should do. */
export interface FakeBusScript {
  /** Answers a line of the handshake; accepts everything unless told. Undefined says nothing. */
  readonly handshake?: (line: string) => string | undefined;
  /** Answers a call other than those a connection makes by itself. */
  readonly call?: (message: Message, socket: Socket) => void;
  /** Answers `AddMatch`; agrees unless told. */
  readonly addMatch?: (message: Message, socket: Socket) => void;
  /** Answers `Hello`; gives a name unless told. */
  readonly hello?: (message: Message, socket: Socket) => void;
}

/** A peer that lies as its script says. */
export interface FakeBus extends AsyncDisposable {
  readonly address: string;
}

/** Writes a message as a bus would. */
export function encode(
  header: Partial<MessageHeader> & { readonly type: number },
  body: readonly DBusValue[] = [],
): Buffer {
  const writer = new WireWriter(maxBytes);
  encodeMessage(writer, { header: { flags: 0, ...header }, serial: 99, body }, maxBytes);
  return writer.take();
}

/** Writes the answer to a call. */
export function encodeReply(
  call: Message,
  signature = "",
  body: readonly DBusValue[] = [],
): Buffer {
  return encode({ type: messageTypes.return, replySerial: call.serial, signature }, body);
}

/** Starts a fake bus. */
export async function openFakeBus(script: FakeBusScript): Promise<FakeBus> {
  const directory = await mkdtemp(join(tmpdir(), "op-dbus-fake-"));
  const path = join(directory, "bus");
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    serve(socket, script);
  });
  server.listen(path);
  await once(server, "listening");
  return {
    address: `unix:path=${path}`,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function serve(socket: Socket, script: FakeBusScript): void {
  const { handshake = accept, hello = greet, addMatch = agree, call } = script;
  const splitter = new MessageSplitter(maxBytes);
  let text = "";
  let hasBegun = false;
  const receive = (message: Message): void => {
    if (message.member === "Hello") hello(message, socket);
    else if (message.member === "AddMatch") addMatch(message, socket);
    else call?.(message, socket);
  };
  socket.on("data", (chunk) => {
    if (hasBegun) {
      splitter.push(chunk, receive);
      return;
    }
    // The very first byte is NUL.
    text = (text + chunk.toString("latin1")).replace(/^\0/, "");
    for (let end = text.indexOf("\r\n"); end !== -1; end = text.indexOf("\r\n")) {
      const line = text.slice(0, end);
      text = text.slice(end + 2);
      if (line === "BEGIN") {
        hasBegun = true;
        if (text !== "") splitter.push(Buffer.from(text, "latin1"), receive);
        return;
      }
      const answer = handshake(line);
      if (answer !== undefined) socket.write(`${answer}\r\n`);
    }
  });
}

function accept(): string {
  return "OK 1234deadbeef1234deadbeef1234dead";
}

function agree(message: Message, socket: Socket): void {
  socket.write(encodeReply(message));
}

function greet(message: Message, socket: Socket): void {
  socket.write(encodeReply(message, "s", [":1.7"]));
}
