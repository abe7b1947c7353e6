/**
 * What a project's own file may set: how tools are shown and loaded, and how much is logged. Everything else could run
 * code, write elsewhere or loosen what needs approval, and a project may come from a stranger.
 */
const settable: readonly string[] = ["disclosure", "tools", "log.level", "log.format"];

/** Whether a project's own file may set the key. */
export function isSettableByProject(path: string): boolean {
  return settable.some((key) => path === key || path.startsWith(`${key}.`));
}
