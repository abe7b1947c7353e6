import * as fc from "fast-check";
import { expect, it } from "vitest";
import { formatType } from "../../src/index.ts";
import { encodeMessage } from "../../src/wire/encode-message.ts";
import { messageTypes, type Message } from "../../src/wire/message.ts";
import { MessageSplitter } from "../../src/wire/message-splitter.ts";
import { WireWriter } from "../../src/wire/wire-writer.ts";
import { arbitraryTyped } from "../fixtures/arbitrary-value.ts";

const maxBytes = 1 << 20;

const step = fc.record({
  typed: arbitraryTyped,
  member: fc.constantFrom("One", "Other"),
  destination: fc.constantFrom(":1.7", "org.example.Service"),
  isReleased: fc.boolean(),
});

it("messages like the ones before are written and read as any other, and keep their bytes until they are released", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const writer = new WireWriter(maxBytes);
      const splitter = new MessageSplitter(maxBytes);
      const read: Message[] = [];
      let taken: { readonly bytes: Buffer; readonly copy: Buffer }[] = [];
      for (const [index, { typed, member, destination, isReleased }] of steps.entries()) {
        const signature = formatType(typed.type);
        const names = { path: "/a", interface: "a.b", member, destination, signature };
        const header = { type: messageTypes.call, flags: 0, ...names };
        encodeMessage(writer, { header, serial: index + 1, body: [typed.value] }, maxBytes);
        const bytes = writer.take();
        taken.push({ bytes, copy: Buffer.from(bytes) });
        splitter.push(bytes, (message) => read.push(message));
        expect(read.at(-1)).toMatchObject({ ...names, serial: index + 1 });
        expect(read.at(-1)?.body).toEqual([typed.value]);
        if (!isReleased) continue;
        for (const { bytes: kept, copy } of taken) expect(kept.equals(copy)).toBe(true);
        taken = [];
        writer.release();
      }
    }),
    { seed: 7, numRuns: 300 },
  );
});
