import { expect, it } from "vitest";
import { pathInTable } from "../../../src/hosting/systemd/unix-socket-path.ts";

const table = `Num       RefCount Protocol Flags    Type St Inode Path
0000000000000000: 00000002 00000000 00010000 0001 01 18230 /run/op-mcp/mcp.sock
0000000000000000: 00000002 00000000 00010000 0001 01 18231 /run/with a space
0000000000000000: 00000003 00000000 00000000 0001 03 18232
0000000000000000: 00000002 00000000 00010000 0001 01 18233 @abstract
`;

it.each([
  ["18230", "/run/op-mcp/mcp.sock"],
  ["18231", "/run/with a space"],
  ["18232", undefined],
  ["18233", undefined],
  ["1823", undefined],
])("finds the path of socket %s", (inode, path) => {
  expect(pathInTable(table, inode)).toBe(path);
});
