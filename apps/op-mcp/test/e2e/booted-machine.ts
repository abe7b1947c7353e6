import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const rig = new URL("../../../../tooling/test-support/src/systemd/", import.meta.url);
const app = fileURLToPath(new URL("../../", import.meta.url));

/** Why no systemd can be booted here; undefined when one can. */
export const missingSystemd: string | undefined = findMissing();

function findMissing(): string | undefined {
  if (process.geteuid?.() !== 0) return "needs root";
  const programs = ["systemd-nspawn", "busctl", "dbus-daemon", "nsenter"];
  const missing = programs.filter((program) => !existsSync(join("/usr/bin", program)));
  return missing.length === 0 ? undefined : `needs ${missing.join(", ")}`;
}

/** A systemd of its own, booted from this machine's files, on which op-mcp is installed as its units say. */
export class BootedMachine implements AsyncDisposable {
  readonly #directory: string;
  readonly #init: string;

  private constructor(directory: string, init: string) {
    this.#directory = directory;
    this.#init = init;
  }

  static async boot(): Promise<BootedMachine> {
    const directory = await mkdtemp(join(tmpdir(), "op-mcp-systemd-"));
    const binds = [`--bind-ro=${app}:/opt/op-mcp`, `--bind-ro=${process.execPath}:/opt/node`];
    const up = spawn("bash", [fileURLToPath(new URL("up.sh", rig)), "/", directory], {
      env: { ...process.env, NSPAWN_EXTRA: binds.join(" ") },
      stdio: "ignore",
    });
    const code = await new Promise((resolve) => up.once("exit", resolve));
    if (code !== 0) throw new Error(`systemd did not boot: exit ${String(code)}`);
    const init = (await readFile(join(directory, "init.pid"), "utf8")).trim();
    const machine = new BootedMachine(directory, init);
    await machine.sh(install);
    return machine;
  }

  /** The beginning of a command line that runs what follows on the machine. */
  get enter(): readonly [string, ...string[]] {
    return ["nsenter", "-t", this.#init, "-a", "--"];
  }

  /** Runs a script on the machine, and resolves to what it prints. */
  async sh(script: string): Promise<string> {
    const { stdout } = await run("nsenter", ["-t", this.#init, "-a", "--", "sh", "-ec", script]);
    return stdout.trim();
  }

  /** A property of the service, as systemd has it. */
  async show(property: string): Promise<string> {
    return await this.sh(`systemctl show --value -p ${property} op-mcp.service`);
  }

  /** Asks op-mcp from inside of the machine; resolves to the status and the body. */
  async fetch(path: string, init: RequestInit = {}): Promise<readonly [number, string]> {
    const url = `http://127.0.0.1:7411${path}`;
    const code = `fetch(${JSON.stringify(url)}, ${JSON.stringify(init)}).then(async (answer) => {
      console.log(JSON.stringify([answer.status, await answer.text()]));
    })`;
    const [status, text]: [number, string] = JSON.parse(
      await this.sh(`/opt/node -e '${code.replaceAll("'", "'\\''")}'`),
    );
    return [status, text];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await run("bash", [fileURLToPath(new URL("down.sh", rig)), this.#directory]);
    await rm(this.#directory, { recursive: true, force: true });
  }
}

/** As packaging/systemd/README.md says, except that the binary is this checkout's. */
const install = `
  units=/opt/op-mcp/packaging/systemd
  mkdir -p /etc/sysusers.d /etc/op-mcp /etc/systemd/system/op-mcp.service.d
  cp $units/op-mcp.sysusers.conf /etc/sysusers.d/op-mcp.conf
  systemd-sysusers
  cp $units/op-mcp.service $units/op-mcp.socket /etc/systemd/system/
  printf '#!/bin/sh\\nexec /opt/node /opt/op-mcp/bin/op-mcp.cjs "$@"\\n' >/usr/bin/op-mcp
  chmod 755 /usr/bin/op-mcp
  cp /opt/op-mcp/test/e2e/plugins/holds.mjs /etc/op-mcp/holds.mjs
  echo '{"dbus":{"isEnabled":false},"plugins":{"modules":["/etc/op-mcp/holds.mjs"]}}' >/etc/op-mcp/config.json
  chown -R root:op-mcp /etc/op-mcp
  chmod 750 /etc/op-mcp
  chmod 640 /etc/op-mcp/config.json /etc/op-mcp/holds.mjs
  printf '[Service]\\nWatchdogSec=3\\nEnvironment=OP_MCP_LOG__LEVEL=info\\n' >/etc/systemd/system/op-mcp.service.d/test.conf
  systemctl daemon-reload
  systemctl start op-mcp.socket
`;
