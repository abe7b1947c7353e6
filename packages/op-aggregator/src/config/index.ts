/** Schemas of what can be configured: type, check and documentation at once. */
export { UpstreamsConfig, UpstreamSettings } from "./upstream-settings.ts";
