import type { Server } from "node:http";
import { Server as TlsServer } from "node:https";
import { isAbortOf, isOpError } from "op-core";
import type { ListenAddress } from "../../auth/guard/listen-address.ts";
import type { Auth } from "../../auth/open-auth.ts";
import { identifySocket, openUserSocket } from "../../auth/unix/user-socket.ts";
import { ListenFailedError, ListenerInvalidError } from "../hosting-error.ts";
import type { Entrance } from "../requests/entrance.ts";
import type { ServeConfig } from "../serve-config.ts";
import type { InheritedSocket } from "../systemd/inherited-sockets.ts";
import { findUnixSocketPath } from "../systemd/unix-socket-path.ts";
import type { LiveCertificate } from "../tls/live-certificate.ts";
import type { ListenerSpec } from "./parse-listener.ts";
import { findUid, shareSocket } from "./socket-access.ts";
import { createWebServer, stopAccepting, type WebServerHandlers } from "./web-server.ts";

/** Where clients can come. */
export interface Listener extends AsyncDisposable {
  /** As clients write it: `http://127.0.0.1:7411`, or `unix:/path`. */
  readonly url: string;
  readonly isOpen: boolean;
  /** Takes no new connections; those there are stay. */
  stop(): void;
}

/** What opening listeners takes. */
export interface OpenListenerOptions {
  readonly config: ServeConfig;
  readonly auth: Pick<Auth, "guardFor">;
  readonly inherited: readonly InheritedSocket[];
  /** The certificate; only asked for where a listener speaks TLS. */
  readonly certificate: () => Promise<LiveCertificate>;
  /** What becomes of those who come. The entrance is known a moment after the first of them may be there. */
  readonly handlersFor: (entrance: Promise<Entrance>) => WebServerHandlers;
  readonly signal: AbortSignal;
}

/** Opens what one entry of the configuration says: one listener, or one for each of the sockets systemd gives. */
export async function openListeners(
  spec: ListenerSpec,
  options: OpenListenerOptions,
): Promise<readonly Listener[]> {
  if (spec.kind !== "systemd") return [await openListener(spec, options)];
  const own = options.inherited.filter(({ name }) => spec.name === undefined || name === spec.name);
  if (own.length === 0) {
    throw new ListenerInvalidError(spec.text, "systemd gave this process no such socket");
  }
  await using stack = new AsyncDisposableStack();
  const listeners: Listener[] = [];
  for (const { fd } of own) {
    const listener = await openListener(
      { kind: "fd", fd, isTls: spec.isTls, text: spec.text },
      options,
    );
    listeners.push(stack.use(listener));
  }
  stack.move();
  return listeners;
}

type Place =
  | Exclude<ListenerSpec, { readonly kind: "systemd" }>
  | { readonly kind: "fd"; readonly text: string; readonly fd: number; readonly isTls: boolean };

async function openListener(place: Place, options: OpenListenerOptions): Promise<Listener> {
  await using stack = new AsyncDisposableStack();
  const isTls = place.kind !== "unix" && place.isTls;
  const certificate = isTls ? await options.certificate() : undefined;
  const entrance = Promise.withResolvers<Entrance>();
  entrance.promise.catch(() => undefined);
  const server = createWebServer({
    config: options.config,
    ...(certificate === undefined ? {} : { tls: certificate.material }),
    handlers: options.handlersFor(entrance.promise),
  });
  stack.defer(() => {
    stopAccepting(server);
    server.closeAllConnections();
  });
  if (certificate !== undefined && server instanceof TlsServer) {
    stack.use(certificate.onChanged((material) => server.setSecureContext(material)));
  }
  try {
    const opener = new Opener(server, options, stack);
    const { url, guard, facts } = await opener.open(place, certificate?.material.ca !== undefined);
    entrance.resolve({ guard, facts });
    return toListener(url, server, stack.move());
  } catch (error) {
    entrance.reject(error);
    if (isOpError(error) || isAbortOf(error, options.signal)) throw error;
    throw new ListenFailedError(place.text, error);
  }
}

function toListener(url: string, server: Server, open: AsyncDisposable): Listener {
  return {
    url,
    get isOpen() {
      return server.listening;
    },
    stop: () => stopAccepting(server),
    [Symbol.asyncDispose]: () => open[Symbol.asyncDispose](),
  };
}

interface Opened extends Entrance {
  readonly url: string;
}

/** Makes one server listen, after it was made sure that it may. */
class Opener {
  readonly #server: Server;
  readonly #options: OpenListenerOptions;
  readonly #stack: AsyncDisposableStack;

  constructor(server: Server, options: OpenListenerOptions, stack: AsyncDisposableStack) {
    this.#server = server;
    this.#options = options;
    this.#stack = stack;
  }

  async open(place: Place, asksForCertificates: boolean): Promise<Opened> {
    if (place.kind === "unix") return await this.#openUnix(place);
    if (place.kind === "fd") return await this.#openFd(place, asksForCertificates);
    const { host, port, isTls } = place;
    // Where nobody could be told from anybody else, the address must not be there for a moment.
    const guard = await this.#guardFor({ kind: "tcp", host }, asksForCertificates);
    await this.#listen({ host, port });
    return { url: this.#tcpUrl(host, isTls), guard, facts: {} };
  }

  async #openUnix(place: Extract<Place, { readonly kind: "unix" }>): Promise<Opened> {
    const { path, user, shared } = place;
    const { signal } = this.#options;
    const uid = user === undefined ? {} : { uid: await findUid(user, signal) };
    const guard = await this.#guardFor({ kind: "unix", path }, false);
    const socket = this.#stack.use(
      await openUserSocket({ server: this.#server, path, signal, ...uid }),
    );
    if (shared !== undefined) await shareSocket(path, shared, signal);
    const unix = shared === undefined ? { user: socket.user } : {};
    return { url: `unix:${path}`, guard, facts: { unix } };
  }

  async #openFd(
    { fd, isTls }: Extract<Place, { readonly kind: "fd" }>,
    asksForCertificates: boolean,
  ): Promise<Opened> {
    await this.#listen({ fd });
    const address = this.#server.address();
    // Node has no address for a Unix socket it did not make.
    if (address === null || typeof address === "string") return await this.#openUnixFd(fd);
    const host = address.address;
    const guard = await this.#guardFor({ kind: "tcp", host }, asksForCertificates);
    return { url: this.#tcpUrl(host, isTls), guard, facts: {} };
  }

  async #openUnixFd(fd: number): Promise<Opened> {
    const { signal } = this.#options;
    const path = await findUnixSocketPath(fd, signal);
    const user = path === undefined ? undefined : await identifySocket(path, signal);
    const guard = await this.#guardFor({ kind: "unix", path: path ?? "" }, false);
    const unix = user === undefined ? {} : { user };
    return { url: `unix:${path ?? `fd ${fd}`}`, guard, facts: { unix } };
  }

  #guardFor(address: ListenAddress, asksForCertificates: boolean): Promise<Entrance["guard"]> {
    const { auth, signal } = this.#options;
    return auth.guardFor(address, { asksForCertificates, signal });
  }

  #tcpUrl(host: string, isTls: boolean): string {
    const address = this.#server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const name = host.includes(":") ? `[${host}]` : host;
    return `${isTls ? "https" : "http"}://${name}:${port}`;
  }

  #listen(where: { fd: number } | { host: string; port: number }): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#server.once("error", reject);
    this.#server.listen(where, () => {
      this.#server.off("error", reject);
      resolve();
    });
    return promise;
  }
}
