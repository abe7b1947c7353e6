/**
 * MCP spoken outward: a server for both protocol eras, over any transport. It knows nothing of where tools come from,
 * and starts nothing but what its caller opens.
 */
export { JsonRpcError, rpcCodes } from "./json-rpc/json-rpc-error.ts";
export type {
  RequestId,
  RpcErrorBody,
  RpcMessage,
  RpcNotification,
  RpcRequest,
  RpcResponse,
} from "./json-rpc/json-rpc-message.ts";
export {
  isLegacyRevision,
  isModernRevision,
  legacyRevisions,
  modernRevisions,
  type LegacyRevision,
  type ModernRevision,
  type Revision,
} from "./revisions/revision.ts";
export type { AskingReadOptions } from "./methods/suspension.ts";
export { logLevels, metaKeys, type Envelope } from "./revisions/envelope.ts";
export {
  requestInputs,
  type InputRequest,
  type InputRequests,
  type InputResponses,
} from "./server/client-input.ts";
export type { McpConnection } from "./server/connection.ts";
export type { McpHost, ServerInfo } from "./server/mcp-host.ts";
export {
  createMcpServer,
  type McpServer,
  type McpServerOptions,
  type SoleRequest,
} from "./server/mcp-server.ts";
export { defaultPageSize } from "./server/page.ts";
export type { SessionState } from "./server/session.ts";
export { watchForLeave, type LeaveReason } from "./stdio/exit-watch.ts";
export { openStandardInput } from "./stdio/standard-input.ts";
export { guardStdout } from "./stdio/stdout-guard.ts";
export { createInMemoryPair } from "./transports/in-memory-transport.ts";
export {
  createStreamTransport,
  defaultMaxMessageBytes,
  type StreamTransportOptions,
} from "./transports/stream-transport.ts";
export type { Malformed, Transport, TransportReceiver } from "./transports/transport.ts";
