/** Plugins that need nothing but the file system. */
export { createFilesPlugin, type FilesPluginOptions } from "./files/create-files-plugin.ts";
