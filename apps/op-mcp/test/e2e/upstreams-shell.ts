import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Installation, type Run } from "./installation.ts";

/** Runs `op-mcp upstreams` in a home of its own. */
export class Shell implements AsyncDisposable {
  readonly installation: Installation;

  constructor(installation: Installation) {
    this.installation = installation;
  }

  static async open(): Promise<Shell> {
    return new Shell(await Installation.create());
  }

  run(...args: readonly string[]): Promise<Run> {
    return this.installation.run(["upstreams", ...args]);
  }

  async json(...args: readonly string[]): Promise<unknown> {
    const { stdout, stderr } = await this.run(...args, "--json");
    try {
      const value: unknown = JSON.parse(stdout);
      return value;
    } catch {
      throw new Error(stderr);
    }
  }

  config(): Promise<string> {
    return readFile(join(this.installation.home, "config/op-mcp/config.json"), "utf8");
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.installation[Symbol.asyncDispose]();
  }
}
