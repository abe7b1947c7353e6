import type { IncomingMessage, ServerResponse } from "node:http";

const exposed = "mcp-session-id, www-authenticate, retry-after, x-request-id";
const day = "86400";

/**
 * Lets a web page of an allowed origin read the answer; the guard has let nobody else's pass. Returns whether the request
 * was only the browser's question whether it may ask, which is then answered.
 */
export function answerCrossOrigin(req: IncomingMessage, res: ServerResponse): boolean {
  const { origin } = req.headers;
  if (origin === undefined) return false;
  res.setHeader("access-control-allow-origin", origin);
  res.setHeader("vary", "origin");
  const method = req.headers["access-control-request-method"];
  if (req.method !== "OPTIONS" || method === undefined) {
    res.setHeader("access-control-expose-headers", exposed);
    return false;
  }
  res.writeHead(204, {
    "access-control-allow-methods": "GET, POST, DELETE",
    "access-control-allow-headers": req.headers["access-control-request-headers"] ?? "",
    "access-control-max-age": day,
  });
  res.end();
  return true;
}
