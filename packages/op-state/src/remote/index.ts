/** Plugins that are other programs: whoever knows the way to one makes it a plugin of the engine. */
export { openRemotePlugin, type RemotePlugin } from "./open-remote-plugin.ts";
export {
  requiredOperations,
  type OptionalOperation,
  type RemoteCallOptions,
  type RemoteOperation,
  type RemotePluginPort,
} from "./remote-port.ts";
