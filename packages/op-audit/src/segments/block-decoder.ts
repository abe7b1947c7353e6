import type { Transform } from "node:stream";
import type { BlockCodec } from "./block-codec.ts";
import { blockBytes } from "./block-codec.ts";

/**
 * Decodes one block after the other in another thread, all with one decoder: to make a new one takes as long as the
 * work, and the memory it takes keeps the garbage collector busy.
 */
export class BlockDecoder implements Disposable {
  readonly #codec: BlockCodec;
  #decoder: Transform | undefined;
  #working: Promise<unknown> = Promise.resolve();

  constructor(codec: BlockCodec) {
    this.#codec = codec;
  }

  /** Resolves with what is in the block, or with nothing if it is damaged. */
  async decode(block: Buffer): Promise<Buffer | undefined> {
    const decoding = this.#working.then(async () => await this.#decode(block));
    this.#working = decoding;
    return await decoding;
  }

  [Symbol.dispose](): void {
    this.#drop();
  }

  async #decode(block: Buffer): Promise<Buffer | undefined> {
    const decoder = (this.#decoder ??= this.#create());
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const closed = () => resolve(false);
    decoder.once("close", closed);
    decoder.write(this.#codec.content(block), (error) => resolve(error == null));
    const hasWorked = await promise;
    decoder.off("close", closed);
    const bytes: unknown = hasWorked ? decoder.read() : undefined;
    if (Buffer.isBuffer(bytes) && bytes.length === blockBytes) return bytes;
    // The last block of a segment is shorter, and so is what comes of one that was cut: here they are told apart.
    this.#drop();
    return this.#decodeAlone(block);
  }

  #decodeAlone(block: Buffer): Buffer | undefined {
    try {
      return this.#codec.decode(block);
    } catch {
      return undefined;
    }
  }

  #create(): Transform {
    const decoder = this.#codec.createDecoder();
    // What failed is told by the block that could not be decoded.
    decoder.on("error", () => undefined);
    return decoder;
  }

  #drop(): void {
    this.#decoder?.destroy();
    this.#decoder = undefined;
  }
}
