import { execFile, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { binary, type Installation } from "./installation.ts";

/** A run of the binary on a terminal of its own. */
export class TerminalRun implements Disposable {
  /** What it printed so far. */
  text = "";
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  readonly #asked = Promise.withResolvers<void>();

  constructor(
    { env, home: cwd }: Installation,
    args: readonly string[],
    more: Readonly<Record<string, string>> = {},
  ) {
    const command = [process.execPath, binary, ...args].join(" ");
    this.#child = execFile("script", ["-qec", command, "/dev/null"], {
      env: { ...env, TERM: "xterm-256color", ...more },
      cwd,
    });
    this.#ended = once(this.#child, "close");
    this.#child.stdout?.on("data", (chunk: string) => {
      this.text += chunk;
      if (this.text.endsWith("[y/N] ")) this.#asked.resolve();
    });
  }

  /** Resolves when the person is asked, or there is nobody left who would. */
  async asked(): Promise<void> {
    await Promise.race([this.#asked.promise, this.#ended]);
  }

  /** Answers the question, and resolves to all that was printed when the run has ended. */
  async answer(word: string): Promise<string> {
    await this.asked();
    this.#child.stdin?.write(`${word}\n`);
    await this.#ended;
    return this.text;
  }

  [Symbol.dispose](): void {
    this.#child.kill("SIGKILL");
  }
}
