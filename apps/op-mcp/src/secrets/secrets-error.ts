import { OpError } from "op-core";

/** A reference to a secret that means nothing. */
export class SecretReferenceError extends OpError {
  static readonly code = "ERR_SECRET_REFERENCE";
  static readonly meaning =
    "A key of the configuration that takes a reference to a secret holds something else.";
  readonly code = SecretReferenceError.code;

  constructor(problem: string) {
    // The text may be the secret itself, so it is not repeated.
    super(`A reference to a secret cannot be used: ${problem}.`, {
      advice:
        "Write file:/absolute/path, env:NAME, credential:NAME or command:PROGRAM ARGUMENTS; never the secret itself.",
    });
  }
}

/** A secret that is not where its reference says. */
export class SecretUnavailableError extends OpError {
  static readonly code = "ERR_SECRET_UNAVAILABLE";
  static readonly meaning = "A secret is not where the configuration says, or cannot be read.";
  readonly code = SecretUnavailableError.code;

  constructor(
    reference: string,
    problem: string,
    options: { advice?: string; cause?: unknown } = {},
  ) {
    super(`The secret ${reference} cannot be read: ${problem}.`, {
      data: { reference },
      ...options,
    });
  }
}

/** A file with a secret that others can read or change. */
export class SecretExposedError extends OpError {
  static readonly code = "ERR_SECRET_EXPOSED";
  static readonly meaning =
    "A file with a secret can be read or changed by other users, or belongs to one.";
  readonly code = SecretExposedError.code;

  constructor(path: string, problem: string, advice: string) {
    super(`The file ${path} is not used, because ${problem}.`, { advice, data: { path } });
  }
}
