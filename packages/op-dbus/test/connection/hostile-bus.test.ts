import type { Socket } from "node:net";
import { createManualClock } from "op-core/testing";
import { describe, expect, it } from "vitest";
import { openBusConnection, Variant } from "../../src/index.ts";
import { messageTypes, type Message } from "../../src/wire/message.ts";
import { encode, encodeReply, openFakeBus, type FakeBusScript } from "../rig/fake-bus.ts";

type Answer = (call: Message) => Buffer | undefined;

const target = { destination: "a.b", path: "/", interface: "a.b", member: "X" };

/** Calls a bus that answers with these bytes. */
async function callAnsweredWith(
  answer: Answer,
  act: (socket: Socket) => void = () => undefined,
): Promise<unknown> {
  const script: FakeBusScript = {
    call: (message, socket) => {
      const bytes = answer(message);
      if (bytes !== undefined) socket.write(bytes);
      act(socket);
    },
  };
  await using bus = await openFakeBus(script);
  await using connection = await openBusConnection({ address: bus.address });
  const { body } = await connection.call(target, { timeoutMs: 5000 });
  return body;
}

function spoil(bytes: Buffer, act: (bytes: Buffer) => void): Buffer {
  act(bytes);
  return bytes;
}

function reply(call: Message): Buffer {
  return encodeReply(call, "u", [1]);
}

/** A method return in big-endian order; the encoder only writes the other one. */
function bigEndianReply({ serial }: Message, value: number): Buffer {
  const bytes = Buffer.alloc(36);
  bytes.write("B");
  bytes.set([messageTypes.return, 1, 1], 1);
  bytes.writeUInt32BE(4, 4);
  bytes.writeUInt32BE(50, 8);
  bytes.writeUInt32BE(15, 12);
  bytes.set([5, 1, 0x75, 0], 16);
  bytes.writeUInt32BE(serial, 20);
  bytes.set([8, 1, 0x67, 0, 1, 0x75, 0], 24);
  bytes.writeUInt32BE(value, 32);
  return bytes;
}

/** A variant in a variant, and so on. */
function deepReply(call: Message, depth: number): Buffer {
  const whole = encodeReply(call, "v", [new Variant("y", 1)]);
  const header = Buffer.from(whole.subarray(0, whole.length - whole.readUInt32LE(4)));
  const levels = Buffer.from(Array.from({ length: depth }, () => [1, 0x76, 0]).flat());
  const body = Buffer.concat([levels, Buffer.from([1, 0x79, 0, 7])]);
  header.writeUInt32LE(body.length, 4);
  return Buffer.concat([header, body]);
}

const signatureField = Buffer.from([8, 1, 0x67, 0, 1, 0x75]);

const lies: Readonly<Record<string, Answer>> = {
  "an unknown byte order": (call) => spoil(reply(call), (bytes) => bytes.writeUInt8(0x58, 0)),
  "an unknown protocol version": (call) => spoil(reply(call), (bytes) => bytes.writeUInt8(9, 3)),
  "a body of four gigabytes": (call) =>
    spoil(reply(call), (bytes) => bytes.writeUInt32LE(0xff_ff_ff_f0, 4)),
  "an array of two gigabytes": (call) =>
    spoil(encodeReply(call, "au", [[1, 2]]), (bytes) =>
      bytes.writeUInt32LE(0x7f_ff_ff_ff, bytes.length - 12),
    ),
  "a string longer than the message": (call) =>
    spoil(encodeReply(call, "s", ["abc"]), (bytes) => bytes.writeUInt32LE(5000, bytes.length - 8)),
  "a signature of no type": (call) =>
    spoil(reply(call), (bytes) => bytes.writeUInt8(0x5a, bytes.indexOf(signatureField) + 5)),
  "20,000 variants in each other": (call) => deepReply(call, 20_000),
  "65 variants in each other": (call) => deepReply(call, 65),
  "text that is not UTF-8": (call) =>
    spoil(encodeReply(call, "s", ["abcd"]), (bytes) => bytes.writeUInt8(0xff, bytes.length - 3)),
  "text with NUL inside": (call) =>
    spoil(encodeReply(call, "s", ["abcd"]), (bytes) => bytes.writeUInt8(0, bytes.length - 3)),
  "a boolean of 2": (call) =>
    spoil(encodeReply(call, "b", [true]), (bytes) => bytes.writeUInt8(2, bytes.length - 4)),
  "padding that is not zero": (call) =>
    spoil(encodeReply(call, "yt", [1, 1n]), (bytes) => bytes.writeUInt8(1, bytes.length - 10)),
};

describe("a bus that lies", () => {
  it.each(Object.entries(lies))(
    "with %s loses the connection, and calls fail",
    async (_, answer) => {
      await expect(callAnsweredWith(answer)).rejects.toMatchObject({
        code: "ERR_DBUS_DISCONNECTED",
        data: { wasSent: true },
        cause: { code: "ERR_DBUS_MALFORMED" },
      });
    },
  );

  it("cannot pass a message that was cut off as a whole one", async () => {
    const answer: Answer = (call) => encodeReply(call, "s", ["x".repeat(100)]).subarray(0, 60);
    const result = callAnsweredWith(answer, (socket) => socket.end());
    await expect(result).rejects.toMatchObject({ code: "ERR_DBUS_DISCONNECTED" });
  });

  it("fails calls at once when it hangs up instead of answering", async () => {
    const result = callAnsweredWith(
      () => undefined,
      (socket) => socket.destroy(),
    );
    await expect(result).rejects.toMatchObject({ code: "ERR_DBUS_DISCONNECTED" });
  });

  it("cannot make a connection wait for longer than the call's time", async () => {
    const clock = createManualClock();
    const called = Promise.withResolvers<void>();
    await using bus = await openFakeBus({
      call: (_, socket) => {
        socket.write(encode({ type: messageTypes.return, replySerial: 4242 }));
        called.resolve();
      },
    });
    await using connection = await openBusConnection({ address: bus.address, clock });
    const result = connection.call(target).catch((error: unknown) => error);
    await called.promise;
    await clock.advance(25_000);
    expect(await result).toMatchObject({
      code: "ERR_DBUS_TIMEOUT",
      message: "Calling a.b.X on / of a.b was not answered within 25000 ms.",
    });
  });

  it("that refuses Hello says why the connection failed", async () => {
    await using bus = await openFakeBus({
      hello: ({ serial: replySerial }, socket) => {
        const errorName = "org.freedesktop.DBus.Error.LimitsExceeded";
        const header = { type: messageTypes.error, replySerial, errorName, signature: "s" };
        socket.write(encode(header, ["too many"]));
      },
    });
    await expect(openBusConnection({ address: bus.address })).rejects.toMatchObject({
      code: "ERR_DBUS_CONNECT",
      message: expect.stringContaining("too many"),
    });
  });

  it("that never says a word is given up", async () => {
    const clock = createManualClock();
    const spoken = Promise.withResolvers<void>();
    await using bus = await openFakeBus({
      handshake: () => {
        spoken.resolve();
        return undefined;
      },
    });
    const opening = openBusConnection({ address: bus.address, clock });
    const result = opening.catch((error: unknown) => error);
    await spoken.promise;
    await clock.advance(10_000);
    expect(await result).toMatchObject({ code: "ERR_DBUS_CONNECT" });
    expect(clock.pendingTimers).toBe(0);
  });

  it("that speaks without end before it authenticates is given up", async () => {
    await using bus = await openFakeBus({ handshake: () => "x".repeat(100_000) });
    await expect(openBusConnection({ address: bus.address })).rejects.toMatchObject({
      code: "ERR_DBUS_CONNECT",
      cause: { code: "ERR_DBUS_AUTH" },
    });
  });

  it("that comes back and is silent does not hold up whoever disposes the connection", async () => {
    const restoring = Promise.withResolvers<void>();
    const sockets: Socket[] = [];
    let hellos = 0;
    await using bus = await openFakeBus({
      hello: (message, socket) => {
        hellos += 1;
        sockets.push(socket);
        socket.write(encodeReply(message, "s", [":1.7"]));
      },
      addMatch: (message, socket) => {
        if (hellos === 1) socket.write(encodeReply(message));
        else restoring.resolve();
      },
    });
    const connection = await openBusConnection({ address: bus.address });
    await connection.subscribe({ member: "X" });
    sockets[0]?.destroy();
    await restoring.promise;
    await expect(connection[Symbol.asyncDispose]()).resolves.toBeUndefined();
  });

  it("that rejects every mechanism is named with each of them", async () => {
    await using bus = await openFakeBus({ handshake: () => "REJECTED GSSAPI" });
    await expect(openBusConnection({ address: bus.address })).rejects.toMatchObject({
      cause: {
        code: "ERR_DBUS_AUTH",
        data: { tried: ["EXTERNAL", "EXTERNAL", "DBUS_COOKIE_SHA1", "ANONYMOUS"] },
      },
    });
  });
});

describe("a bus that is odd but right", () => {
  it("may write numbers the other way round", async () => {
    await expect(callAnsweredWith((call) => bigEndianReply(call, 0x01_02_03_04))).resolves.toEqual([
      0x01_02_03_04,
    ]);
  });

  it("may send messages of an unknown type", async () => {
    const answer: Answer = (call) => Buffer.concat([encode({ type: 77 }), reply(call)]);
    await expect(callAnsweredWith(answer)).resolves.toEqual([1]);
  });

  it("may send header fields that are unknown", async () => {
    const answer: Answer = ({ serial: replySerial }) => {
      const header = { type: messageTypes.return, replySerial, sender: ":1.1", signature: "u" };
      return spoil(encode(header, [1]), (bytes) =>
        bytes.writeUInt8(42, bytes.indexOf(Buffer.from([7, 1, 0x73, 0]))),
      );
    };
    await expect(callAnsweredWith(answer)).resolves.toEqual([1]);
  });

  it("may call back before it answers", async () => {
    const header = {
      type: messageTypes.call,
      path: "/__proto__",
      interface: "a.b",
      sender: ":1.9",
    };
    const answer: Answer = (call) =>
      Buffer.concat([encode({ ...header, member: "constructor" }), reply(call)]);
    await expect(callAnsweredWith(answer)).resolves.toEqual([1]);
  });

  it("may send byte by byte", async () => {
    await using bus = await openFakeBus({
      call: (message, socket) => {
        socket.setNoDelay(true);
        void sendByteByByte(socket, encodeReply(message, "us", [77, "x".repeat(40)]));
      },
    });
    await using connection = await openBusConnection({ address: bus.address });
    await expect(connection.call(target)).resolves.toMatchObject({ body: [77, "x".repeat(40)] });
  });
});

async function sendByteByByte(socket: Socket, bytes: Buffer): Promise<void> {
  for (const byte of bytes) {
    socket.write(Buffer.from([byte]));
    await new Promise((resolve) => setImmediate(resolve));
  }
}
