/** Schemas of what can be configured: type, default, check and documentation at once. */
export { builtInPluginNames, StateConfig, type BuiltInPluginName } from "./state-config.ts";
