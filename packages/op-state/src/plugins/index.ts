/** Plugins that need nothing but the file system. */
export { createFilesPlugin, type FilesPluginOptions } from "./files/create-files-plugin.ts";
export { createSysctlPlugin, type SysctlPluginOptions } from "./sysctl/create-sysctl-plugin.ts";
export type { AccountsPluginOptions } from "./accounts/accounts-plugin-options.ts";
export { createGroupsPlugin } from "./accounts/create-groups-plugin.ts";
export { createUsersPlugin } from "./accounts/create-users-plugin.ts";
export {
  createPackagesPlugin,
  type PackagesPluginOptions,
} from "./packages/create-packages-plugin.ts";
export {
  createSubvolumesPlugin,
  type SubvolumesPluginOptions,
} from "./subvolumes/create-subvolumes-plugin.ts";
