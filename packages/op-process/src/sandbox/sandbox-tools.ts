import { accessSync, constants } from "node:fs";
import { join } from "node:path";

/** An option of bubblewrap that older ones lack: a size for private folders, and no user namespaces inside. */
export type BubblewrapFeature = "size" | "disable-userns";

/** The programs that isolation is made with, by absolute path. */
export interface SandboxTools {
  readonly sh: string;
  readonly env: string;
  readonly prlimit?: string | undefined;
  readonly setpriv?: string | undefined;
  readonly bwrap?: string | undefined;
  /** The newer options that this bubblewrap knows. */
  readonly features?: ReadonlySet<BubblewrapFeature>;
}

/** Where the system's own programs are, whatever the environment says. */
const folders = ["/usr/bin", "/bin", "/usr/sbin", "/sbin", "/usr/local/bin"];

/** Finds the programs on this machine. */
export function findSandboxTools(): SandboxTools {
  return {
    sh: findTool("sh") ?? "/bin/sh",
    env: findTool("env") ?? "/usr/bin/env",
    prlimit: findTool("prlimit"),
    setpriv: findTool("setpriv"),
    bwrap: findTool("bwrap"),
  };
}

function findTool(name: string): string | undefined {
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

/** Whether this process may execute a file. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
