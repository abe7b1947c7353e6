import { execFile, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync, readlinkSync } from "node:fs";
import { promisify } from "node:util";
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

  /** Types something. */
  type(keys: string): void {
    this.#child.stdin?.write(keys);
  }

  /** Makes the terminal another size, as a person does who pulls at its window. */
  async resize(rows: number, columns: number): Promise<void> {
    const size = ["rows", String(rows), "cols", String(columns)];
    await promisify(execFile)("stty", ["-F", this.#device(), ...size]);
  }

  /** Resolves with the exit code when the run has ended. */
  async end(): Promise<number | null> {
    await this.#ended;
    return this.#child.exitCode;
  }

  #device(): string {
    const { pid } = this.#child;
    const [inside] = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ");
    return readlinkSync(`/proc/${inside}/fd/0`);
  }

  [Symbol.dispose](): void {
    this.#child.kill("SIGKILL");
  }
}
