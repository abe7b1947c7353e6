/** MCP spoken inward: a client of other servers, of either era, that passes on what they say unchanged. */
export {
  toClientTransport,
  type ClientReceiver,
  type ClientTransport,
  type ConnectTransport,
  type SendHints,
} from "./client-transport.ts";
export type { FetchPort, HttpAddress } from "./http-exchange.ts";
export { findHeaderProblem } from "../http/parameter-headers.ts";
export { createHttpTransport, type HttpTransportOptions } from "./http-transport.ts";
export { createLegacySseTransport } from "./legacy-sse-transport.ts";
export { listAll, type ListMethod } from "./list-all.ts";
export type { ClientIntroduction } from "./negotiate.ts";
export type { EraChoice, ServerProfile } from "./server-profile.ts";
export {
  createStdioTransport,
  type ChildSpec,
  type SpawnedChild,
  type SpawnPort,
  type StdioTransportOptions,
} from "./stdio-transport.ts";
export {
  createUpstreamClient,
  openUpstreamClient,
  type UpstreamClient,
  type UpstreamClientOptions,
  type UpstreamRequestOptions,
} from "./upstream-client.ts";
export {
  UpstreamClosedError,
  UpstreamHttpError,
  UpstreamMessageError,
  UpstreamSessionLostError,
  UpstreamUnreachableError,
} from "./upstream-error.ts";
export { unnamedKey, type InputAnswerer, type QuestionContext } from "./upstream-input.ts";
export {
  createWebSocketClientTransport,
  type WebSocketTransportOptions,
} from "./websocket-transport.ts";
