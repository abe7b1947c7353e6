import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hkdfSync,
  randomUUID,
  sign,
  type KeyObject,
} from "node:crypto";
import { existsSync } from "node:fs";
import { link, open, readFile, rm, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { AuditKeyError } from "../audit-error.ts";
import { createKeyedDigest, type Digest } from "../redaction/digest.ts";
import { formatVerifier, keyIdOf, rawPublicKey, type NoteSigner } from "./signed-note.ts";

/** What signs checkpoints and keys the digests of what was redacted. */
export interface AuditKey extends NoteSigner {
  /** What others need to verify: give it to them and keep it off this machine. */
  readonly verifier: string;
  readonly digest: Digest;
  /** Where the key lies, if it lies in a file. */
  readonly path: string | undefined;
}

/** Where a key comes from. */
export interface OpenAuditKeyOptions {
  /** A PKCS #8 PEM file with an Ed25519 key, readable by its owner alone. Never inside the log's directory. */
  readonly path: string;
  /** The name in signatures: that of the log's origin unless there is reason for another. No spaces, no plus sign. */
  readonly name: string;
  /** Makes the key, readable by its owner alone, if there is none; true unless told. */
  readonly isCreated?: boolean;
  readonly signal?: AbortSignal;
}

const ownerOnly = 0o600;

/** Reads the key that signs checkpoints, or makes it. Throws `ERR_AUDIT_KEY`. */
export async function openAuditKey(options: OpenAuditKeyOptions): Promise<AuditKey> {
  const path = resolve(options.path);
  options.signal?.throwIfAborted();
  try {
    if (options.isCreated !== false) await createKeyFile(path);
    const { mode } = await stat(path);
    if ((mode & 0o077) !== 0) {
      const advice = `Run chmod 600 ${path}, and replace the key if others may have read it.`;
      throw new AuditKeyError(path, "others can read it.", { advice });
    }
    return createAuditKey(options.name, createPrivateKey(await readFile(path)), path);
  } catch (error) {
    if (error instanceof AuditKeyError) throw error;
    throw new AuditKeyError(path, "it cannot be read as an Ed25519 key.", { cause: error });
  }
}

/** Makes a key of a private key in memory; a new one unless told. */
export function createAuditKey(
  name: string,
  privateKey = newPrivateKey(),
  path?: string,
): AuditKey {
  if (privateKey.asymmetricKeyType !== "ed25519" || !/^[^\s+]+$/.test(name)) {
    throw new AuditKeyError(
      path ?? name,
      "it is not an Ed25519 key with a name without spaces and plus signs.",
    );
  }
  const publicKey = rawPublicKey(createPublicKey(privateKey));
  const keyId = keyIdOf(name, publicKey);
  const seed = privateKey.export({ format: "der", type: "pkcs8" });
  const digestKey = Buffer.from(hkdfSync("sha256", seed, "", "op-audit digest", 32));
  return {
    name,
    keyId,
    verifier: formatVerifier(name, publicKey),
    digest: createKeyedDigest(digestKey, keyId),
    path,
    sign: (bytes) => sign(null, bytes, privateKey),
  };
}

function newPrivateKey(): KeyObject {
  return generateKeyPairSync("ed25519").privateKey;
}

/** The key has its name only when it is whole: others may look for it meanwhile, and nobody finds half of one. */
async function createKeyFile(path: string): Promise<void> {
  if (existsSync(path)) return;
  const draft = `${path}.${randomUUID()}`;
  try {
    await writeDraft(draft);
    await link(draft, path);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function writeDraft(path: string): Promise<void> {
  await using file = await open(path, "wx", ownerOnly);
  await file.writeFile(newPrivateKey().export({ format: "pem", type: "pkcs8" }));
  await file.sync();
}
