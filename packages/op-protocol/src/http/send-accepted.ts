import type { ServerResponse } from "node:http";

/** Without a length the answer would be sent in chunks: as none, and then an end. */
const empty = { "content-length": 0 } as const;

/** Says that what was posted was taken, and that nothing is answered to it here. */
export function sendAccepted(res: ServerResponse): void {
  if (!res.headersSent) res.writeHead(202, empty).end();
}
