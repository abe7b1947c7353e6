/**
 * MCP over HTTP, for whatever listens: Streamable HTTP in both eras with sessions behind a port, the older
 * HTTP+SSE, and WebSocket. It opens no socket and authenticates nobody.
 */
export type { DrainOptions } from "./drain.ts";
export { createSseHandler, type SseHandler, type SseHandlerOptions } from "./legacy-sse.ts";
export {
  createRebindingGuard,
  loopbackHosts,
  type RebindingGuard,
  type RebindingGuardOptions,
} from "./rebinding-guard.ts";
export { sendRefusal, type Refusal } from "./refusal.ts";
export type { McpView } from "./session-table.ts";
export {
  createHttpHandler,
  type HttpCaller,
  type HttpHandler,
  type HttpHandlerOptions,
} from "./streamable-http.ts";
export {
  createWebSocketHandler,
  type Upgrade,
  type WebSocketHandler,
  type WebSocketHandlerOptions,
} from "./websocket.ts";
export {
  createMemorySessionStore,
  type MemorySessionStoreOptions,
} from "../sessions/memory-session-store.ts";
export type {
  Replay,
  SessionRecord,
  SessionStore,
  StreamEvent,
  StreamKey,
} from "../sessions/session-store.ts";
