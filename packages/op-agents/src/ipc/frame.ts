/** Bytes before each message: its length, unsigned, big-endian. */
const headerBytes = 4;

/** What a reader of frames tells. */
export interface FrameListener {
  readonly onMessage: (message: unknown, bytes: number) => void;
  /** The stream can't be understood any more; nothing follows. */
  readonly onFault: (detail: string) => void;
}

/** Puts messages together from the pieces in which they come. */
export interface FrameReader {
  read(chunk: Buffer): void;
}

/** A message as bytes: its length in four bytes, then JSON in UTF-8. */
export function encodeFrame(message: object): Buffer {
  const text = JSON.stringify(message);
  const length = Buffer.byteLength(text);
  const frame = Buffer.allocUnsafe(headerBytes + length);
  frame.writeUInt32BE(length);
  frame.write(text, headerBytes);
  return frame;
}

/** How long the body of an encoded frame is. */
export function bodyBytes(frame: Buffer): number {
  return frame.length - headerBytes;
}

/** Makes a reader that refuses a message by its header, before keeping any of it. */
export function createFrameReader(maxBytes: number, listener: FrameListener): FrameReader {
  let kept: Buffer[] = [];
  let keptBytes = 0;
  /** Joining is put off until so much is there, so that a large message is copied once. */
  let neededBytes = headerBytes;
  let isFaulty = false;

  const fail = (detail: string) => {
    isFaulty = true;
    kept = [];
    listener.onFault(detail);
    return false;
  };
  const take = (body: Buffer) => {
    const message = parseJson(body);
    if (message === undefined) return fail("a message is no JSON");
    listener.onMessage(message.value, body.length);
    return true;
  };
  const takeAll = (bytes: Buffer) => {
    let at = 0;
    neededBytes = headerBytes;
    while (bytes.length - at >= headerBytes) {
      const length = bytes.readUInt32BE(at);
      if (length > maxBytes) {
        fail(`a message of ${length} bytes exceeds ${maxBytes}`);
        return;
      }
      neededBytes = headerBytes + length;
      if (bytes.length - at < neededBytes) break;
      if (!take(bytes.subarray(at + headerBytes, at + neededBytes))) return;
      at += neededBytes;
      neededBytes = headerBytes;
    }
    const rest = bytes.subarray(at);
    kept = rest.length === 0 ? [] : [rest];
    keptBytes = rest.length;
  };
  return {
    read: (chunk) => {
      if (isFaulty) return;
      kept.push(chunk);
      keptBytes += chunk.length;
      if (keptBytes >= neededBytes)
        takeAll(kept.length === 1 ? chunk : Buffer.concat(kept, keptBytes));
    },
  };
}

function parseJson(body: Buffer): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(body.toString("utf8")) };
  } catch {
    return undefined;
  }
}
