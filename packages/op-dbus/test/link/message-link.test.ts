import { expect, it } from "vitest";
import type { ByteChannel } from "../../src/link/byte-channel.ts";
import { MessageLink } from "../../src/link/message-link.ts";
import { messageTypes, type Message } from "../../src/wire/message.ts";
import { MessageSplitter } from "../../src/wire/message-splitter.ts";

const limits = { maxSendBytes: 1 << 20, maxReceiveBytes: 1 << 20 };

/** A channel whose other side reads when the test says so. */
class SlowChannel implements ByteChannel {
  readonly writes: Buffer[] = [];
  unsentBytes = 0;
  isFast = false;

  setReceiver(): void {
    // Nothing is ever received.
  }

  write(bytes: Buffer): void {
    this.writes.push(bytes);
    this.unsentBytes = this.isFast ? 0 : this.unsentBytes + bytes.length;
  }

  whenDrained(): Promise<void> {
    return Promise.resolve();
  }

  destroy(): void {
    this.unsentBytes = 0;
  }

  [Symbol.dispose](): void {
    this.destroy();
  }
}

function send(link: MessageLink, text: string): void {
  const names = { path: "/a", interface: "a.b", member: "C", destination: ":1.7" };
  const header = { type: messageTypes.call, flags: 0, ...names, signature: "s" };
  link.send({ header, serial: link.nextSerial(), body: [text] });
}

function read(bytes: Buffer): readonly unknown[] {
  const messages: Message[] = [];
  new MessageSplitter(1 << 20).push(bytes, (message) => messages.push(message));
  return messages.map(({ body }) => body[0]);
}

it("what is sent in one tick leaves in one write", async () => {
  const channel = new SlowChannel();
  using link = new MessageLink(channel, limits);
  for (const text of ["one", "two", "three"]) send(link, text);
  expect(channel.writes).toHaveLength(0);
  await new Promise(setImmediate);
  expect(channel.writes.map(read)).toEqual([["one", "two", "three"]]);
});

it("what is not sent yet stays as it was, whatever is sent after it", async () => {
  const channel = new SlowChannel();
  using link = new MessageLink(channel, limits);
  let unsent: string[] = [];
  for (let index = 0; index < 200; index += 1) {
    // Now and then the other side catches up, and what was sent may be overwritten.
    channel.isFast = index % 10 === 0;
    if (channel.isFast) unsent = [];
    const text = String(index).repeat(500);
    send(link, text);
    unsent.push(text);
    await new Promise(setImmediate);
    expect(channel.writes.slice(-unsent.length).flatMap(read)).toEqual(unsent);
    if (channel.isFast) unsent = [];
  }
});
