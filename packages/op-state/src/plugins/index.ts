/** Plugins that need nothing but the file system. */
export { createFilesPlugin, type FilesPluginOptions } from "./files/create-files-plugin.ts";
export { createSysctlPlugin, type SysctlPluginOptions } from "./sysctl/create-sysctl-plugin.ts";
