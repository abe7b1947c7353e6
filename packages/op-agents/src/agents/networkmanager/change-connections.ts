import { setTimeout } from "node:timers/promises";
import { operationFailure } from "../../serving/operation-failure.ts";
import type { AgentOperation } from "../operation/agent-operation.ts";
import { flagField, malformed, textField } from "../operation/field.ts";
import { objectSchema, string } from "../operation/output-schema.ts";
import type { BusCallOptions } from "../systemd/systemd-bus.ts";
import { quote } from "../text/quote.ts";
import { changeFields, readChange } from "./connection-fields.ts";
import { connectionField, findConnection, findDevice } from "./find-connection.ts";
import { changeSchema, confirmField, guardChange, secondsField } from "./guarded-change.ts";
import type { NetworkDevice, NetworkManagerBus } from "./networkmanager-bus.ts";
import type { NetworkManagerSetting } from "./networkmanager-setting.ts";

/** Brings a connection up. */
export const connectionUp: AgentOperation<NetworkManagerSetting> = {
  name: "connection_up",
  description:
    "Brings a NetworkManager connection up, and waits until it is and stays so; otherwise takes it back and says why.",
  risk: "destructive",
  isIdempotent: true,
  fields: [connectionField, secondsField, confirmField],
  outputSchema: changeSchema,
  run: async (input, setting, context) => {
    const bus = await setting.bus(context);
    const { path, name, ...stored } = await findConnection(
      bus,
      connectionField.read(input),
      context,
    );
    const { device } = await findDevice(bus, { path, ...stored }, context);
    const change = async () => await bus.activate(path, deviceOf(name, device).path, context);
    return await guardChange(
      {
        connection: name,
        device: deviceOf(name, device),
        seconds: secondsField.read(input),
        confirmSeconds: confirmField.read(input),
        change,
      },
      bus,
      context,
    );
  },
};

/** Takes a connection down. */
export const connectionDown: AgentOperation<NetworkManagerSetting> = {
  name: "connection_down",
  description:
    "Takes a NetworkManager connection down, until it is brought up again. You may cut yourself off.",
  risk: "destructive",
  isIdempotent: true,
  fields: [connectionField],
  outputSchema: objectSchema({ connection: string, state: string }),
  run: async (input, setting, context) => {
    const bus = await setting.bus(context);
    const { path, name } = await findConnection(bus, connectionField.read(input), context);
    const active = await bus.activeConnections(context);
    const used = active.find(({ connection }) => connection === path);
    if (used !== undefined) {
      await bus.deactivate(used.path, context);
      await waitUntilDown(bus, path, context);
    }
    return { connection: name, state: "down" };
  },
};

const downMs = 10_000;
const pollMs = 100;

async function waitUntilDown(
  bus: NetworkManagerBus,
  connection: string,
  options: BusCallOptions,
): Promise<void> {
  const endMs = performance.now() + downMs;
  while ((await bus.activeConnections(options)).some((each) => each.connection === connection)) {
    if (performance.now() > endMs) {
      throw operationFailure({
        code: "ERR_NETWORK_BUSY",
        message: "The connection is still being taken down.",
        advice: "Look at it again with list_connections.",
      });
    }
    await setTimeout(pollMs, undefined, options);
  }
}

const name = textField("name", "What it is called.");
const activate = flagField("activate", "Bring it up at once.");

/** Adds a wired connection. */
export const addConnection: AgentOperation<NetworkManagerSetting> = {
  name: "add_connection",
  description:
    "Adds a wired NetworkManager connection; with activate brings it up, and takes it away again when it does not come up or stay up.",
  risk: "destructive",
  isIdempotent: false,
  fields: [name, ...changeFields, activate, secondsField, confirmField],
  outputSchema: changeSchema,
  run: async (input, setting, context) => {
    const called = name.read(input);
    const change = { ...readChange(input), name: called };
    const bus = await setting.bus(context);
    const taken = (await bus.connections(context)).some((each) => each.name === called);
    if (taken)
      throw malformed(`there is a connection ${quote(called)}`, "Change that one instead.");
    if (!activate.read(input)) {
      await bus.add(change, context);
      return { connection: called, interface: change.interface ?? null, state: "down" };
    }
    const devices = await bus.devices(context);
    const device = devices.find((each) => each.interface === change.interface);
    return await guardChange(
      {
        connection: called,
        device: deviceOf(called, device),
        seconds: secondsField.read(input),
        confirmSeconds: confirmField.read(input),
        change: async () => {
          const path = await bus.add(change, context);
          await bus.activate(path, deviceOf(called, device).path, context);
        },
      },
      bus,
      context,
    );
  },
};

/** Changes a connection. */
export const modifyConnection: AgentOperation<NetworkManagerSetting> = {
  name: "modify_connection",
  description:
    "Changes a NetworkManager connection: addresses, gateways, DNS, MTU and more. One that is up is brought up anew, and taken back when the link does not come up or dies.",
  risk: "destructive",
  isIdempotent: true,
  fields: [connectionField, ...changeFields, secondsField, confirmField],
  outputSchema: changeSchema,
  run: async (input, setting, context) => {
    const change = readChange(input);
    if (Object.keys(change).length === 0) throw malformed("it changes nothing");
    const bus = await setting.bus(context);
    const stored = await findConnection(bus, connectionField.read(input), context);
    const { device, isActive } = await findDevice(bus, stored, context);
    if (!isActive) {
      await bus.update(stored.path, change, context);
      return { connection: stored.name, interface: device?.interface ?? null, state: "down" };
    }
    const used = deviceOf(stored.name, device);
    return await guardChange(
      {
        connection: stored.name,
        device: used,
        seconds: secondsField.read(input),
        confirmSeconds: confirmField.read(input),
        change: async () => {
          await bus.update(stored.path, change, context);
          await bus.activate(stored.path, used.path, context);
        },
      },
      bus,
      context,
    );
  },
};

const checkpoint = textField("checkpoint", "What the change told as its checkpoint.");

/** Keeps a change. */
export const confirmNetworkChange: AgentOperation<NetworkManagerSetting> = {
  name: "confirm_network_change",
  description: "Keeps a change of the network that would go back by itself otherwise.",
  risk: "write",
  isIdempotent: false,
  fields: [checkpoint],
  outputSchema: objectSchema({ state: string }),
  run: async (input, setting, context) => {
    const path = checkpoint.read(input);
    if (!/^\/org\/freedesktop\/NetworkManager\/Checkpoint\/\d+$/u.test(path)) {
      throw malformed(`${quote(path)} is no checkpoint`);
    }
    await (await setting.bus(context)).keepChange(path, context);
    return { state: "kept" };
  },
};

function deviceOf(connection: string, device: NetworkDevice | undefined): NetworkDevice {
  if (device !== undefined) return device;
  throw operationFailure({
    code: "ERR_NOT_FOUND",
    message: `There is no device for the connection ${quote(connection)}.`,
    advice: "Name its interface; list_connections tells the devices there are.",
  });
}
