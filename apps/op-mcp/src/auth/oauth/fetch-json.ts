import { startDeadline, type Clock } from "op-core";

/** What fetching takes. */
export interface FetchJsonOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as a form, by POST. */
  readonly form?: URLSearchParams;
  /** The status by which the server says that it has nothing for us: 404 unless told. */
  readonly absentStatus?: number;
}

/** An object of JSON that somebody else wrote. */
export type ForeignObject = Readonly<Record<string, unknown>>;

const mostMs = 5000;
const mostBytes = 512 * 1024;

/**
 * Fetches an object of JSON. It takes five seconds and half a megabyte at most, and goes where it was sent: a redirect
 * would lead to an address that nobody configured.
 */
export async function fetchJson(url: string, options: FetchJsonOptions): Promise<ForeignObject> {
  const found = await findJson(url, options);
  if (found === undefined) throw new Error(`${url} has nothing`);
  return found;
}

/** Fetches an object of JSON as {@link fetchJson} does; nothing when the server says that there is none. */
export async function findJson(
  url: string,
  { clock, signal, headers, form, absentStatus = 404 }: FetchJsonOptions,
): Promise<ForeignObject | undefined> {
  using deadline = startDeadline({ what: `Fetching ${url}`, ms: mostMs, clock, signal });
  const response = await fetch(url, {
    headers: { accept: "application/json", ...headers },
    ...(form === undefined ? {} : { method: "POST", body: form }),
    redirect: "error",
    signal: deadline.signal,
  }).catch((error: unknown) => {
    throw new Error(`${url} cannot be fetched (${causeOf(error)})`, { cause: error });
  });
  if (response.status !== 200) {
    await response.body?.cancel();
    if (response.status === absentStatus) return undefined;
    throw new Error(`${url} answers with status ${response.status}`);
  }
  const object = asObject(JSON.parse(await readText(response)));
  if (object === undefined) throw new TypeError(`${url} answers something else than an object`);
  return object;
}

/** The object, if it is one. */
export function asObject(value: unknown): ForeignObject | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return { ...value };
}

async function readText({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.length;
    if (length > mostBytes) throw new RangeError(`the answer is longer than ${mostBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** `fetch` hides the reason in the cause. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
