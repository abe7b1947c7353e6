import { createSecureContext } from "node:tls";
import { readFile, stat } from "node:fs/promises";
import { isAbortOf } from "op-core";
import { SecretExposedError } from "../../secrets/secrets-error.ts";
import { TlsFilesError } from "../hosting-error.ts";
import type { ServeConfig } from "../serve-config.ts";

/** What `https` needs, as Node takes it. */
export interface TlsMaterial {
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly ca?: Buffer;
}

/** The material, and by what a change of its files shows. */
export interface TlsSnapshot {
  readonly material: TlsMaterial;
  readonly stamp: string;
}

const foreign = 0o007;

function filesOf({ certFile, keyFile, clientCaFile }: ServeConfig["tls"]): readonly string[] {
  return [certFile, keyFile, ...(clientCaFile === "" ? [] : [clientCaFile])];
}

/** Changes whenever one of the files does. */
export async function stampTlsFiles(config: ServeConfig["tls"]): Promise<string> {
  const stats = await Promise.all(filesOf(config).map((path) => stat(path, { bigint: true })));
  return stats
    .map(({ ino, size, mtimeNs, ctimeNs }) => [ino, size, mtimeNs, ctimeNs].join())
    .join();
}

/**
 * Reads certificate and key, and tries them together. Throws `ERR_TLS_FILES`, and `ERR_SECRET_EXPOSED` for a key that
 * everybody can read.
 */
export async function readTlsFiles(
  config: ServeConfig["tls"],
  signal: AbortSignal,
): Promise<TlsSnapshot> {
  const { certFile, keyFile, clientCaFile } = config;
  if (certFile === "" || keyFile === "") {
    throw new TlsFilesError("https needs serve.tls.certFile and serve.tls.keyFile");
  }
  try {
    const stamp = await stampTlsFiles(config);
    await refuseExposedKey(keyFile);
    const [cert, key] = await Promise.all([
      readFile(certFile, { signal }),
      readFile(keyFile, { signal }),
    ]);
    const ca = clientCaFile === "" ? {} : { ca: await readFile(clientCaFile, { signal }) };
    const material = { cert, key, ...ca };
    createSecureContext(material);
    return { material, stamp };
  } catch (error) {
    if (error instanceof SecretExposedError || isAbortOf(error, signal)) throw error;
    throw new TlsFilesError(error instanceof Error ? error.message : String(error), error);
  }
}

async function refuseExposedKey(path: string): Promise<void> {
  const { mode } = await stat(path);
  if ((mode & foreign) === 0) return;
  const advice = `Run chmod o= ${path}, and get a new key if others may have read it.`;
  throw new SecretExposedError(path, "everybody on this machine has permissions on it", advice);
}
