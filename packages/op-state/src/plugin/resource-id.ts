/** Names a resource across plugins. */
export function resourceId(plugin: string, key: string): string {
  return `${plugin}:${key}`;
}
