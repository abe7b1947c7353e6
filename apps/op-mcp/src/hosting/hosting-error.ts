import { OpError } from "op-core";

/** A listener that means nothing. */
export class ListenerInvalidError extends OpError {
  static readonly code = "ERR_LISTENER_INVALID";
  static readonly meaning = "An entry of `serve.listeners` says nothing op-mcp could listen on.";
  readonly code = ListenerInvalidError.code;

  constructor(text: string, problem: string) {
    super(`op-mcp cannot listen on ${JSON.stringify(text)}: ${problem}.`, {
      advice:
        "Write http://HOST:PORT, https://HOST:PORT, unix:/absolute/path or systemd: into serve.listeners.",
      data: { listener: text },
    });
  }
}

/** An address the kernel does not give. */
export class ListenFailedError extends OpError {
  static readonly code = "ERR_LISTEN_FAILED";
  static readonly meaning = "The machine does not let op-mcp listen where it should.";
  readonly code = ListenFailedError.code;

  constructor(listener: string, cause: unknown) {
    const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`op-mcp cannot listen on ${listener}: ${reason}.`, {
      advice: adviceFor(code),
      data: { listener },
      cause,
    });
  }
}

function adviceFor(code: unknown): string {
  if (code === "EADDRINUSE") {
    return "Another program, perhaps another op-mcp, listens there: end it, or choose another port by --listen http://127.0.0.1:PORT.";
  }
  if (code === "EACCES") return "Choose a port above 1023 or a directory op-mcp may write to.";
  return "Check the address in serve.listeners.";
}

/** A certificate or key that cannot be used. */
export class TlsFilesError extends OpError {
  static readonly code = "ERR_TLS_FILES";
  static readonly meaning = "The certificate or the key for `https` cannot be read or used.";
  readonly code = TlsFilesError.code;

  constructor(problem: string, cause?: unknown) {
    super(`The files of serve.tls cannot be used: ${problem}.`, {
      advice: "Check serve.tls.certFile, serve.tls.keyFile and serve.tls.clientCaFile.",
      ...(cause === undefined ? {} : { cause }),
    });
  }
}
