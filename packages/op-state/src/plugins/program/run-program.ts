/** How a program is run. */
export interface RunProgramOptions {
  /** The root it sees; the machine's own unless told. */
  readonly root?: string;
  /** Ends it. Missing where a program that is ended half-way does harm. */
  readonly signal?: AbortSignal;
}

/** How a program ended. */
export interface ProgramResult {
  readonly isOk: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/** Nothing of this process's own environment reaches programs, and they answer in English. */
const environment = {
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  HOME: "/root",
  LC_ALL: "C.UTF-8",
  DEBIAN_FRONTEND: "noninteractive",
  APT_LISTCHANGES_FRONTEND: "none",
  NEEDRESTART_MODE: "l",
};

const largestOutputBytes = 32 * 2 ** 20;

/** Runs a program without a shell. A bad exit is a result; rejects when it cannot run at all, and when the signal aborts. */
export async function runProgram(
  words: readonly [string, ...string[]],
  { root = "/", signal }: RunProgramOptions = {},
): Promise<ProgramResult> {
  signal?.throwIfAborted();
  const { execFile } = await import("node:child_process");
  const [program, ...args] = root === "/" ? words : (["chroot", root, ...words] as const);
  const { promise, resolve, reject } = Promise.withResolvers<ProgramResult>();
  const options = { env: environment, maxBuffer: largestOutputBytes, cwd: "/", signal };
  const child = execFile(program, args, options, (error, stdout, stderr) => {
    if (error === null) resolve({ isOk: true, stdout, stderr });
    else if (signal?.aborted === true) reject(signal.reason);
    else if (typeof error.code === "number") resolve({ isOk: false, stdout, stderr });
    else reject(error);
  });
  child.stdin?.end();
  return promise;
}
