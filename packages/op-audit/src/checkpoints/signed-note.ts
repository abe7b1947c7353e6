import { createPublicKey, hash, verify, type KeyObject } from "node:crypto";
import { AuditFormatError } from "../audit-error.ts";

/** Who can verify: a name and an Ed25519 public key, as C2SP signed-note writes it. */
export interface Verifier {
  readonly name: string;
  /** Four bytes of a hash, in hexadecimal, that tell keys of one name apart. */
  readonly keyId: string;
  readonly publicKey: KeyObject;
}

/** Who can sign. */
export interface NoteSigner {
  readonly name: string;
  readonly keyId: string;
  readonly sign: (bytes: Buffer) => Buffer;
}

const ed25519 = 0x01;
const keyIdBytes = 4;
const publicKeyBytes = 32;
/** What stands before the 32 bytes of an Ed25519 key in its SubjectPublicKeyInfo. */
const spkiPrefix = Buffer.from("302a300506032b6570032100", "hex");

/** Names a key: the first four bytes of SHA-256 over name, newline, algorithm and public key. */
export function keyIdOf(name: string, publicKey: Uint8Array): string {
  const named = Buffer.concat([Buffer.from(`${name}\n`), Buffer.of(ed25519), publicKey]);
  return hash("sha256", named, "buffer").toString("hex", 0, keyIdBytes);
}

/** The 32 bytes of an Ed25519 public key. */
export function rawPublicKey(key: KeyObject): Buffer {
  return key.export({ format: "der", type: "spki" }).subarray(spkiPrefix.length);
}

/** Writes a public key as C2SP signed-note does: `<name>+<key id>+<base64>`. */
export function formatVerifier(name: string, publicKey: Uint8Array): string {
  const typed = Buffer.concat([Buffer.of(ed25519), publicKey]).toString("base64");
  return `${name}+${keyIdOf(name, publicKey)}+${typed}`;
}

/** Reads `<name>+<key id>+<base64>`. Throws `ERR_AUDIT_FORMAT`. */
export function parseVerifier(text: string): Verifier {
  const match = /^(?<name>[^\s+]+)\+(?<keyId>[0-9a-f]{8})\+(?<key>[A-Za-z0-9+/]+={0,2})$/.exec(
    text.trim(),
  );
  const { name = "", keyId = "", key = "" } = match?.groups ?? {};
  const bytes = decodeBase64(key);
  const publicKey = bytes.subarray(1);
  if (
    bytes[0] !== ed25519 ||
    publicKey.length !== publicKeyBytes ||
    keyIdOf(name, publicKey) !== keyId
  ) {
    throw new AuditFormatError("a verifier key", "it is not an Ed25519 key in signed-note form.");
  }
  const der = Buffer.concat([spkiPrefix, publicKey]);
  return { name, keyId, publicKey: createPublicKey({ key: der, format: "der", type: "spki" }) };
}

/** Signs a text, which ends with a newline, with each of the keys. */
export function signNote(text: string, signers: readonly NoteSigner[]): string {
  const bytes = Buffer.from(text);
  const lines = signers.map(({ name, keyId, sign }) => {
    const signature = Buffer.concat([Buffer.from(keyId, "hex"), sign(bytes)]);
    return `— ${name} ${signature.toString("base64")}\n`;
  });
  return `${text}\n${lines.join("")}`;
}

/** A note taken apart; nothing of it has been verified. */
export interface Note {
  /** What is signed. */
  readonly text: string;
  readonly signatures: readonly {
    readonly name: string;
    readonly keyId: string;
    readonly signature: Buffer;
  }[];
}

/** Takes a note apart. Throws `ERR_AUDIT_FORMAT`. */
export function parseNote(note: string): Note {
  const split = note.lastIndexOf("\n\n");
  if (split === -1 || !note.endsWith("\n"))
    throw new AuditFormatError("a signed note", "it has no signatures.");
  const lines = note.slice(split + 2, -1).split("\n");
  return { text: note.slice(0, split + 1), signatures: lines.map(parseSignature) };
}

function parseSignature(line: string): Note["signatures"][number] {
  const match = /^— (?<name>[^\s+]+) (?<base64>[A-Za-z0-9+/]+={0,2})$/.exec(line);
  const bytes = decodeBase64(match?.groups?.["base64"] ?? "");
  if (bytes.length <= keyIdBytes)
    throw new AuditFormatError("a signed note", "a signature line is malformed.");
  return {
    name: match?.groups?.["name"] ?? "",
    keyId: bytes.toString("hex", 0, keyIdBytes),
    signature: bytes.subarray(keyIdBytes),
  };
}

/** The verifiers among these whose signature the note carries. */
export function verifyNote(note: Note, verifiers: readonly Verifier[]): Verifier[] {
  const bytes = Buffer.from(note.text);
  return verifiers.filter(({ name, keyId, publicKey }) =>
    note.signatures.some(
      (one) =>
        one.name === name && one.keyId === keyId && verify(null, bytes, publicKey, one.signature),
    ),
  );
}

/** Node reads much that is not base64. Nothing is returned for that, or a note could be altered without a trace. */
function decodeBase64(text: string): Buffer {
  const bytes = Buffer.from(text, "base64");
  return bytes.toString("base64") === text ? bytes : Buffer.alloc(0);
}
