import { readFile } from "node:fs/promises";
import { arch, hostname, platform } from "node:os";
import { type Logger } from "op-core";
import { openProcessHost, type ProcessHost, type SandboxProfile } from "op-process";
import type { Execution, ExecutionBackend, Launch, Place } from "./execution-backend.ts";
import { openNativeWorkspaces } from "./native-workspace.ts";

/** What the native backend takes. */
export interface NativeBackendOptions {
  readonly signal?: AbortSignal;
  readonly logger?: Logger;
  /** A host that somebody else opened, and closes. Default: one of its own. */
  readonly host?: ProcessHost;
  /** The spawner's program, for those who bundle op-process into one file. */
  readonly spawnerFile?: string;
}

/** Opens this machine as a place: programs are sandboxed children of op-process. */
export async function openNativeBackend(
  options: NativeBackendOptions = {},
): Promise<ExecutionBackend> {
  const { signal, logger, spawnerFile } = options;
  await using opened = new AsyncDisposableStack();
  const host =
    options.host ??
    opened.use(
      await openProcessHost({
        ...(signal === undefined ? {} : { signal }),
        ...(logger === undefined ? {} : { logger }),
        ...(spawnerFile === undefined ? {} : { spawnerFile }),
      }),
    );
  const workspaces = opened.use(await openNativeWorkspaces());
  const place = await describePlace();
  const parts = opened.move();
  return {
    place,
    start: async (launch, { signal: wanted }) => await start(host, launch, wanted),
    openWorkspace: async ({ signal: wanted }) => await workspaces.open(wanted),
    health: async ({ signal: wanted }) => {
      const { levels } = await host.inspectSandbox({ signal: wanted });
      const strongest = levels.findLast(({ missing }) => missing.length === 0)?.level ?? "none";
      return {
        isHealthy: true,
        isolation: strongest,
        detail: `The strongest sandbox is ${strongest}.`,
      };
    },
    [Symbol.asyncDispose]: async () => await parts.disposeAsync(),
  };
}

async function start(host: ProcessHost, launch: Launch, signal: AbortSignal): Promise<Execution> {
  const { argv, env = {}, limits, graceMs, workspace, sandbox = {} } = launch;
  const child = await host.spawn(
    {
      argv,
      cwd: launch.cwd ?? workspace?.path ?? "/",
      env,
      sandbox: withWorkspace(sandbox, workspace?.path),
      ...(limits === undefined ? {} : { limits }),
      ...(graceMs === undefined ? {} : { graceMs }),
    },
    { signal },
  );
  return {
    id: String(child.pid),
    isolation: child.level,
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    exited: child.exited,
    signal: (name) => child.signal(name),
    kill: async (how) => await child.kill(how),
    usage: async () => await child.usage(),
    [Symbol.asyncDispose]: async () => await child[Symbol.asyncDispose](),
  };
}

function withWorkspace(sandbox: SandboxProfile, path: string | undefined): SandboxProfile {
  if (path === undefined) return sandbox;
  return { ...sandbox, writable: [...(sandbox.writable ?? []), path] };
}

async function describePlace(): Promise<Place> {
  const name = hostname();
  const id = await readFile("/etc/machine-id", "utf8").catch(() => name);
  return { kind: "native", id: id.trim() || name, name, platform: `${platform()}-${arch()}` };
}
