import { lookup, Resolver } from "node:dns/promises";
import { connect, isIP } from "node:net";
import type { AgentOperation } from "../operation/agent-operation.ts";
import { integerField, textField } from "../operation/field.ts";
import { boolean, integer, listSchema, objectSchema, string } from "../operation/output-schema.ts";
import { runProgram } from "../programs/run-program.ts";
import { objectsIn, parseObjects, textIn } from "./json-parts.ts";
import { hostOf } from "./network-fields.ts";
import { readServers } from "./resolve-name.ts";

const host = textField("host", "A machine to reach besides, by name or address.", {
  fallback: undefined,
});
const port = integerField("port", "The TCP port to reach there.", {
  least: 1,
  most: 65_535,
  fallback: 443,
});

const connectMs = 5000;
const mostAddresses = 4;

/** Finds out how far the network works. */
export const checkConnectivity: AgentOperation<undefined> = {
  name: "check_connectivity",
  description:
    "Finds out how far the network works, step by step: addresses, default route, gateway, DNS servers, and a TCP connection to a host. Says which step fails first.",
  risk: "read",
  isIdempotent: true,
  fields: [host, port],
  outputSchema: objectSchema({
    isWorking: boolean,
    verdict: string,
    steps: listSchema(
      objectSchema({ step: string, isWorking: boolean, detail: string, milliseconds: integer }),
    ),
  }),
  run: async (input, _setting, { signal }) => {
    const target = host.read(input);
    const steps = [
      await measure("address", signal, checkAddress),
      await measure("default route", signal, checkRoute),
      await measure("DNS server", signal, checkServers),
      ...(target === undefined
        ? []
        : [
            await measure(
              "connection",
              signal,
              async (options) => await checkHost(hostOf(target), port.read(input), options),
            ),
          ]),
    ];
    const failed = steps.filter(({ isWorking }) => !isWorking);
    const last = steps.at(-1);
    // Who reaches what was asked for needs no default route.
    const isWorking = target === undefined ? failed.length === 0 : last?.isWorking === true;
    const [first] = failed;
    return {
      isWorking,
      verdict: isWorking ? "It works." : `The first that fails: ${first?.step}. ${first?.detail}`,
      steps: steps.map((step) => ({ ...step })),
    };
  },
};

interface Options {
  readonly signal: AbortSignal;
}

interface Found {
  readonly isWorking: boolean;
  readonly detail: string;
}

interface Step extends Found {
  readonly step: string;
  readonly milliseconds: number;
}

async function measure(
  step: string,
  signal: AbortSignal,
  check: (options: Options) => Promise<Found>,
): Promise<Step> {
  signal.throwIfAborted();
  const started = performance.now();
  const found = await check({ signal });
  return { step, ...found, milliseconds: Math.round(performance.now() - started) };
}

async function checkAddress(options: Options): Promise<Found> {
  const rows = parseObjects(await runProgram("ip", ["-json", "address", "show", "up"], options));
  const addresses = rows
    .filter((row) => row["ifname"] !== "lo")
    .flatMap((row) => objectsIn(row["addr_info"]))
    .filter((address) => address["scope"] === "global")
    .flatMap((address) => textIn(address["local"]) ?? []);
  if (addresses.length > 0) return { isWorking: true, detail: addresses.slice(0, 5).join(", ") };
  return {
    isWorking: false,
    detail: "No interface that is up has an address beyond its own link.",
  };
}

async function checkRoute(options: Options): Promise<Found> {
  const show = async (family: string) =>
    parseObjects(await runProgram("ip", ["-json", family, "route", "show", "default"], options));
  const routes = [...(await show("-4")), ...(await show("-6"))];
  const [route] = routes;
  if (route === undefined) return { isWorking: false, detail: "There is no default route." };
  const gateway = textIn(route["gateway"]);
  const state = gateway === null ? "" : await neighbourState(gateway, options);
  const detail = `${gateway ?? "directly"} at ${textIn(route["dev"]) ?? "?"}${state === "" ? "" : `, ${state}`}`;
  return { isWorking: !/failed|incomplete/u.test(state), detail };
}

async function neighbourState(gateway: string, options: Options): Promise<string> {
  const args = ["-json", "neighbour", "show", gateway];
  const [row] = parseObjects(await runProgram("ip", args, options));
  const states = Array.isArray(row?.["state"]) ? row["state"] : [];
  return states.flatMap((state) => textIn(state)?.toLowerCase() ?? []).join(", ");
}

async function checkServers({ signal }: Options): Promise<Found> {
  const servers = await readServers();
  if (servers.length === 0) return { isWorking: false, detail: "No DNS server is configured." };
  const resolver = new Resolver({ timeout: 2000, tries: 1 });
  const stop = () => resolver.cancel();
  signal.addEventListener("abort", stop, { once: true });
  try {
    // The root is known to every server.
    await resolver.resolveNs(".");
    return { isWorking: true, detail: servers.join(", ") };
  } catch (error) {
    signal.throwIfAborted();
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    // One that answers so is there.
    const isAnswering = ["ENOTFOUND", "ENODATA", "EREFUSED", "ESERVFAIL"].includes(code);
    return { isWorking: isAnswering, detail: `${servers.join(", ")}: ${code}` };
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

async function checkHost(name: string, at: number, options: Options): Promise<Found> {
  const addresses =
    isIP(name) === 0 ? await lookup(name, { all: true }).catch(() => []) : [{ address: name }];
  if (addresses.length === 0) return { isWorking: false, detail: `${name} has no address.` };
  const outcomes: string[] = [];
  for (const { address } of addresses.slice(0, mostAddresses)) {
    const outcome = await tryConnection(address, at, options);
    if (outcome === "connected")
      return { isWorking: true, detail: `${address} port ${at} answers.` };
    outcomes.push(`${address}: ${outcomeTexts[outcome] ?? outcome}`);
  }
  return { isWorking: false, detail: outcomes.join("; ") };
}

const outcomeTexts: Readonly<Record<string, string>> = {
  ECONNREFUSED: "the machine is there, and nothing listens at the port",
  ETIMEDOUT: "no answer in time: it is off, or a firewall drops packets",
  EHOSTUNREACH: "the machine does not answer on its link",
  ENETUNREACH: "there is no route to it",
};

async function tryConnection(address: string, at: number, { signal }: Options): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const socket = connect({ host: address, port: at, signal, timeout: connectMs });
  socket.once("connect", () => resolve("connected"));
  socket.once("timeout", () => resolve("ETIMEDOUT"));
  socket.once("error", (error) => resolve("code" in error ? String(error.code) : error.message));
  try {
    return await promise;
  } finally {
    socket.destroy();
  }
}
