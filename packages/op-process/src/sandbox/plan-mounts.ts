import { existsSync, realpathSync } from "node:fs";
import { hiddenFolders, type SandboxProfile } from "./sandbox-profile.ts";

/** What a child sees at a path. */
export type MountKind = "hidden" | "readable" | "writable";

/** A path at which a child sees something else than the machine's read-only root. */
export interface Mount {
  readonly path: string;
  readonly kind: MountKind;
}

/**
 * The mounts of a profile, outer ones first, so that the innermost decides. Links are resolved, because nothing can be
 * mounted over a link; of one path that is named twice, the more permissive counts.
 */
export function planMounts({ hidden = [], readable = [], writable = [] }: SandboxProfile): Mount[] {
  const named: readonly [MountKind, readonly string[]][] = [
    ["hidden", [...hiddenFolders, ...hidden]],
    ["readable", readable],
    ["writable", writable],
  ];
  const kinds = new Map(
    named.flatMap(([kind, paths]) =>
      paths.filter((path) => existsSync(path)).map((path) => [realpathSync(path), kind] as const),
    ),
  );
  return [...kinds]
    .map(([path, kind]) => ({ path, kind }))
    .toSorted((left, right) => left.path.length - right.path.length);
}

/** Whether a child of this profile can see a path. */
export function isVisible(path: string, profile: SandboxProfile): boolean {
  const innermost = planMounts(profile).findLast(
    (mount) => path === mount.path || path.startsWith(`${mount.path.replace(/\/$/u, "")}/`),
  );
  return innermost?.kind !== "hidden";
}
