import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  loadConfig,
  type LoadConfigOptions,
  type LoadedConfig,
} from "../../src/config/load-config.ts";

/** A machine's configuration in a temporary folder: `etc`, `xdg` and `project` stand for the real places. */
export class ConfigFolder implements Disposable {
  readonly root = mkdtempSync(join(tmpdir(), "op-mcp-config-"));
  readonly env: Record<string, string> = {
    HOME: this.root,
    XDG_CONFIG_HOME: join(this.root, "xdg"),
  };

  path(name: string): string {
    return join(this.root, name);
  }

  write(name: string, content: unknown): string {
    const file = this.path(name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
    return file;
  }

  get options(): LoadConfigOptions {
    return { env: this.env, cwd: this.path("project"), systemDir: this.path("etc") };
  }

  load(options: Partial<LoadConfigOptions> = {}): Promise<LoadedConfig> {
    return loadConfig({ ...this.options, ...options });
  }

  async failure(options: Partial<LoadConfigOptions> = {}): Promise<Error> {
    try {
      await this.load(options);
    } catch (error) {
      if (error instanceof Error) return error;
    }
    throw new Error("expected the configuration to be refused");
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
