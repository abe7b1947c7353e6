import { describe, expect, test } from "vitest";
import { parseSocket } from "../../../src/agents/network/list-sockets.ts";

describe("a line of ss", () => {
  const facts = "uid:33 ino:1 sk:1";
  test.each([
    [
      `tcp LISTEN 0 511 0.0.0.0:80 0.0.0.0:* ${facts} cgroup:/system.slice/nginx.service <->`,
      { address: "0.0.0.0", port: 80, group: "/system.slice/nginx.service" },
    ],
    [
      `tcp LISTEN 0 511 [::]:5355 [::]:* ${facts} cgroup:unreachable:1f4 v6only:1 <-> cgroup:unreachable:1f4`,
      { address: "::", port: 5355, group: "unreachable:1f4" },
    ],
    [
      `udp UNCONN 0 0 127.0.0.53%lo:53 0.0.0.0:* ${facts} cgroup:/a b.slice/c.service <->   `,
      { address: "127.0.0.53%lo", port: 53, group: "/a b.slice/c.service" },
    ],
    [
      `tcp ESTAB 0 0 10.0.0.1:22 10.0.0.2:5 timer:(keepalive,1min,0) ${facts} cgroup:/x.scope -->`,
      { peer: "10.0.0.2:5", group: "/x.scope" },
    ],
    [`tcp LISTEN 0 5 127.0.0.1:1 0.0.0.0:* ${facts}`, { port: 1, group: undefined }],
  ])("%s", (line, socket) => {
    expect(parseSocket(line)).toMatchObject(socket);
  });

  test("that is empty is no socket", () => {
    expect(parseSocket("")).toBeUndefined();
  });
});
