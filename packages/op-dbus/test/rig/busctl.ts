import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** systemd's own client of a bus. */
export interface Busctl {
  /** The well-known names that run or can be started. */
  list(): Promise<readonly string[]>;
  /** The paths of a service's objects. */
  tree(service: string): Promise<readonly string[]>;
  /** The members of an object, as `INTERFACE.NAME KIND SIGNATURE RESULT`; undefined when it cannot show them. */
  introspect(service: string, path: string): Promise<readonly string[] | undefined>;
}

/** Uses `busctl` on one bus. */
export function createBusctl(address: string): Busctl {
  const busctl = async (...args: string[]): Promise<string> =>
    (await run("busctl", [`--address=${address}`, ...args], { maxBuffer: 1 << 26 })).stdout;
  return {
    list: async () => {
      const rows: readonly { readonly name: string }[] = JSON.parse(
        await busctl("list", "--json=short"),
      );
      return rows.map(({ name }) => name).filter((name) => !name.startsWith(":"));
    },
    tree: async (service) => (await busctl("tree", "--list", service)).trim().split("\n"),
    introspect: async (service, path) => {
      try {
        return parseMembers(await busctl("introspect", service, path));
      } catch {
        // It reads the properties, too, and some objects refuse that.
        return undefined;
      }
    },
  };
}

/** Lines of members stand below the line of their interface; what a property's value is does not matter. */
function parseMembers(text: string): readonly string[] {
  let owner = "";
  const members: string[] = [];
  for (const line of text.split("\n").slice(1)) {
    const [name = "", kind = "", signature = "", result = ""] = line.split(/\s+/);
    if (kind === "interface") owner = name;
    else if (kind === "method") members.push(toMember(owner + name, kind, signature, result));
    else if (kind === "signal" || kind === "property") {
      members.push(toMember(owner + name, kind, signature, "-"));
    }
  }
  return members.toSorted();
}

function toMember(name: string, kind: string, signature: string, result: string): string {
  return [name, kind, signature, result].join(" ");
}
