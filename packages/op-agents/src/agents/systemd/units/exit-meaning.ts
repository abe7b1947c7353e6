import { constants } from "node:os";

/** What systemd itself could not do for a process before it ran, by the exit code that it then has: systemd.exec(5). */
const meanings: Readonly<Record<number, string>> = {
  126: "its command is not executable",
  127: "its command was not found",
  200: "its working directory can't be entered",
  201: "its priority can't be set",
  202: "its file descriptors can't be set up",
  203: "its program is missing or not executable",
  204: "there was not enough memory",
  205: "a resource limit can't be set",
  206: "its out-of-memory score can't be set",
  207: "its signal mask can't be set",
  208: "its standard input can't be set up",
  209: "its standard output can't be set up",
  210: "its root directory can't be changed",
  211: "its I/O priority can't be set",
  214: "its scheduling policy can't be set",
  215: "its processor affinity can't be set",
  216: "its group is unknown or can't be taken",
  217: "its user is unknown or can't be taken",
  218: "its capabilities can't be set",
  219: "its cgroup can't be set up",
  222: "its standard error can't be set up",
  224: "its PAM session can't be opened",
  225: "its network namespace can't be set up",
  226: "its mount namespace can't be set up: often a path in ReadWritePaths= or BindPaths= that is missing",
  227: "its privileges can't be restricted",
  228: "its system call filter can't be set up",
  229: "its SELinux context can't be set",
  231: "its AppArmor profile can't be set",
  233: "its runtime directory can't be made",
  235: "the owner of a socket can't be set",
  238: "its state directory can't be made",
  239: "its cache directory can't be made",
  240: "its logs directory can't be made",
  241: "its configuration directory can't be made",
  243: "its credentials can't be set up",
};

/** What `SIGCHLD` says of a process that ended. */
const killed = 2;
const dumped = 3;

/** How a process ended, in words: its code is what `SIGCHLD` says, its status an exit code or a signal's number. */
export function describeEnd(code: number, status: number): string {
  if (code === killed) return `was killed by ${nameOfSignal(status)}`;
  if (code === dumped) return `crashed with ${nameOfSignal(status)} and left a core dump`;
  const meaning = meanings[status];
  return `exited with code ${status}${meaning === undefined ? "" : ` (${meaning})`}`;
}

/** Whether a signal ended it. */
export function isBySignal(code: number): boolean {
  return code === killed || code === dumped;
}

/** `SIGKILL` for 9. */
export function nameOfSignal(number: number): string {
  const found = Object.entries(constants.signals).find(([, each]) => each === number);
  return found?.[0] ?? `signal ${number}`;
}
