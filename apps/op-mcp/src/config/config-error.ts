import { OpError } from "op-core";

/** One thing that is wrong with the configuration, and where it was said. */
export interface ConfigProblem {
  /** A file, an environment variable or a flag. */
  readonly where: string;
  readonly line?: number;
  /** The key, joined by dots. */
  readonly path?: string;
  /** What is wrong, as the end of a sentence that begins with the key. */
  readonly message: string;
  readonly advice?: string;
}

/** The problem with advice, where there is any. */
export function withAdvice(problem: ConfigProblem, advice: string | undefined): ConfigProblem {
  return advice === undefined ? problem : { ...problem, advice };
}

/** A configuration that says something op-mcp does not understand. */
export class ConfigInvalidError extends OpError {
  static readonly code = "ERR_CONFIG_INVALID";
  static readonly meaning =
    "The configuration has unknown keys or wrong values; the message lists all of them with their files.";
  readonly code = ConfigInvalidError.code;
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    const count = problems.length === 1 ? "a problem" : `${problems.length} problems`;
    super(`The configuration has ${count}:${formatProblems(problems)}`, {
      advice: "`op-mcp config docs` lists every key, `op-mcp config check` checks again.",
      data: { problems: problems.map(formatProblem) },
    });
    this.problems = problems;
  }
}

/** A configuration file that cannot be read, or must not be trusted. */
export class ConfigUnreadableError extends OpError {
  static readonly code = "ERR_CONFIG_UNREADABLE";
  static readonly meaning =
    "A configuration file cannot be read, or someone else may have written it.";
  readonly code = ConfigUnreadableError.code;
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super(`The configuration cannot be read:${formatProblems(problems)}`, {
      data: { problems: problems.map(formatProblem) },
    });
    this.problems = problems;
  }
}

function formatProblems(problems: readonly ConfigProblem[]): string {
  return problems.map((problem) => `\n  ${formatProblem(problem)}`).join("");
}

function formatProblem({ where, line, path, message, advice }: ConfigProblem): string {
  const place = line === undefined ? where : `${where}:${line}`;
  const subject = path === undefined || path === "" ? "" : `${path} `;
  const sentence = `${place}: ${subject}${message}`.replace(/\.?$/, ".");
  return advice === undefined ? sentence : `${sentence} ${advice}`;
}

/** A file that cannot be edited without changing something else in it. */
export class ConfigEditError extends OpError {
  static readonly code = "ERR_CONFIG_EDIT";
  static readonly meaning =
    "A configuration file cannot be edited without changing something else in it.";
  readonly code = ConfigEditError.code;

  constructor(file: string, problem: string, cause?: unknown) {
    super(`The file ${file} was not changed: ${problem}.`, {
      advice: "Edit it by hand.",
      data: { file },
      ...(cause === undefined ? {} : { cause }),
    });
  }
}
