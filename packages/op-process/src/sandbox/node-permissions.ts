/** What a Node child may do besides computing. Everything else of Node's permission model is denied. */
export interface NodePermissions {
  readonly read?: readonly string[];
  readonly write?: readonly string[];
  readonly childProcess?: boolean;
  readonly worker?: boolean;
  readonly addons?: boolean;
}

/**
 * The options for a `node` child that turn its permission model on. It is a second layer, never the boundary: on Node 24
 * it leaves the network open, which level `namespaces` closes.
 */
export function nodePermissionFlags(permissions: NodePermissions): string[] {
  const { read = [], write = [], childProcess, worker, addons } = permissions;
  return [
    "--permission",
    ...read.map((path) => `--allow-fs-read=${path}`),
    ...write.map((path) => `--allow-fs-write=${path}`),
    ...(childProcess === true ? ["--allow-child-process"] : []),
    ...(worker === true ? ["--allow-worker"] : []),
    ...(addons === true ? ["--allow-addons"] : []),
  ];
}
