/** Streams as Node has them; the rest of op-core imports nothing of Node's. */
export { readSocket, SocketReadable, type TakeBytes } from "./read-socket.ts";
