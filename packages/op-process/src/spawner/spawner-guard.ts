import { spawn, type ChildProcess } from "node:child_process";
import { markerVariable } from "../processes/process-traces.ts";

/**
 * A process that outlives the spawner, by whatever it dies, and kills what is left of its children. The kernel does most of
 * that, but a child can be told of the spawner's death only from the moment on when it has asked to be: one that is just
 * being started, or has just made its namespaces, would stay.
 */
export interface SpawnerGuard {
  /** A child is being started with this marker; its first process as soon as it is known. */
  keep(marker: string, leader?: number): void;
  /** Nothing of the child is left. */
  forget(marker: string): void;
}

/** Makes the guard, which is started with the first child, and again with the next when somebody ended it. */
export function createSpawnerGuard(): SpawnerGuard {
  const kept = new Map<string, number | undefined>();
  let guard: ChildProcess | undefined;

  const start = (): ChildProcess => {
    const child = startGuard();
    child.once("exit", () => (guard = undefined));
    for (const [marker, leader] of kept) tellGuard(child, `+ ${marker} ${leader ?? ""}`);
    return child;
  };
  return {
    keep: (marker, leader) => {
      guard ??= start();
      kept.set(marker, leader);
      tellGuard(guard, `+ ${marker} ${leader ?? ""}`);
    },
    forget: (marker) => {
      kept.delete(marker);
      if (guard !== undefined) tellGuard(guard, `- ${marker}`);
    },
  };
}

/** It knows that the spawner is dead when nobody can write to its stdin any more. */
function startGuard(): ChildProcess {
  const child = spawn("/bin/sh", ["-c", guardScript], {
    env: { PATH: "/usr/bin:/bin" },
    cwd: "/",
    // What ends the spawner by its group must not end who cleans up behind it.
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  // A guard that can't be started, or was ended, hears nothing: the other ways of ending children are still there.
  child.once("error", () => undefined);
  child.stdin?.on("error", () => undefined);
  return child;
}

function tellGuard({ stdin }: ChildProcess, line: string): void {
  stdin?.write(`${line}\n`);
}

/**
 * Keeps a list of markers and first processes until its input ends. Then it kills whoever is in a session that one of those
 * leads, or carries a marker, until it has looked three times and found nobody.
 */
const guardScript = `
all=
drop() {
  others=
  for each in $all; do
    case $each in "$1":*) ;; *) others="$others $each" ;; esac
  done
  all=$others
}
while read -r sign marker leader; do
  drop "$marker"
  if [ "$sign" = + ]; then all="$all $marker:$leader"; fi
done
[ -n "$all" ] || exit 0
sessions=" "
markers=
for each in $all; do
  markers="$markers -e ${markerVariable}=\${each%%:*}"
  sessions="$sessions\${each#*:} "
done
find_left() {
  for path in /proc/[0-9]*; do
    { read -r line <"$path/stat"; } 2>/dev/null || continue
    set -- \${line##*) }
    [ "$1" != Z ] || continue
    case $sessions in *" $4 "*) echo "\${path#/proc/}" ;; esac
  done
  grep -lsaF $markers /proc/[0-9]*/environ | cut -d / -f 3
}
calm=0
while [ $calm -lt 3 ]; do
  left=$(find_left)
  if [ -n "$left" ]; then
    calm=0
    kill -9 $left 2>/dev/null
  else
    calm=$((calm + 1))
  fi
  sleep 0.05
done
`;
