import { isAbsolute } from "node:path";
import { SpawnError } from "../process-error.ts";
import type { SpawnSpec } from "./spawn-spec.ts";

/** Throws a {@link SpawnError} for a specification that no system could start. */
export function checkSpec(spec: SpawnSpec): void {
  const detail = findFault(spec);
  if (detail === undefined) return;
  throw new SpawnError({ program: spec.argv[0] ?? "", reason: "arguments-invalid", detail });
}

function findFault({ argv, cwd, env = {}, limits = {}, graceMs, sandbox = {} }: SpawnSpec) {
  if (argv[0] === undefined || argv[0] === "") return "argv names no program";
  if (argv.some(hasNul)) return "an argument contains a NUL character";
  if (!isAbsolute(cwd) || hasNul(cwd)) return "cwd is no absolute path";
  const name = Object.keys(env).find((key) => key === "" || key.includes("=") || hasNul(key));
  if (name !== undefined) return `${JSON.stringify(name)} can't be the name of a variable`;
  if (Object.values(env).some(hasNul)) return "a variable contains a NUL character";
  const { readable = [], writable = [], hidden = [] } = sandbox;
  const path = [...readable, ...writable, ...hidden].find((at) => !isAbsolute(at) || hasNul(at));
  if (path !== undefined) return `${JSON.stringify(path)} is no absolute path`;
  const user = sandbox.user === "same" ? undefined : sandbox.user;
  if (user?.uid === 0) return "no sandbox makes anybody root";
  return findBadNumber({ ...limits, ...user, graceMs });
}

function findBadNumber(numbers: Readonly<Record<string, number | undefined>>): string | undefined {
  const [name] =
    Object.entries(numbers).find(
      ([key, value]) => value !== undefined && !isSensible(value, key === "cpus"),
    ) ?? [];
  return name === undefined ? undefined : `${name} is no number from 0 that can be enforced`;
}

function isSensible(value: number, mayBeFraction: boolean): boolean {
  return value >= 0 && (mayBeFraction ? Number.isFinite(value) : Number.isSafeInteger(value));
}

function hasNul(value: string): boolean {
  return value.includes("\0");
}
