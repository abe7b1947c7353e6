import { isIP } from "node:net";

/** Where op-mcp listens. */
export type ListenAddress =
  | { readonly kind: "tcp"; readonly host: string }
  | { readonly kind: "unix"; readonly path: string };

/** Names under which every machine knows itself. */
export const loopbackNames: readonly string[] = ["localhost", "127.0.0.1", "[::1]"];

/** Whether only this machine reaches the host: an address of the loopback network, or the name every machine has for it. */
export function isLoopbackHost(host: string): boolean {
  const bare = host.replace(/^\[(?<inner>.*)\]$/u, "$<inner>").toLowerCase();
  if (bare === "localhost") return true;
  if (isIP(bare) === 4) return bare.startsWith("127.");
  return isIP(bare) === 6 && /^(?:0{0,4}:){2,7}0{0,3}1$|^::ffff:127\.\d+\.\d+\.\d+$/u.test(bare);
}

/** Whether other machines may reach an address. */
export function isOpenAddress(address: ListenAddress): boolean {
  return address.kind === "tcp" && !isLoopbackHost(address.host);
}

/** Whether the host stands for every address the machine has. */
export function isWildcardHost(host: string): boolean {
  const bare = host.replace(/^\[(?<inner>.*)\]$/u, "$<inner>");
  return bare === "" || bare === "0.0.0.0" || (isIP(bare) === 6 && /^[0:]+$/u.test(bare));
}
