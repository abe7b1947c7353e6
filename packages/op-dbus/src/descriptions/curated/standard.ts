import type { ServiceText } from "../curated-text.ts";

/** What every service has. */
export const standard: ServiceText = {
  services: ["*"],
  text: "A service on the bus.",
  interfaces: {
    "org.freedesktop.DBus.Peer": {
      text: "Whether a service is there.",
      members: {
        Ping: "Answers with nothing.",
        GetMachineId: "The number of the machine it runs on.",
      },
    },
    "org.freedesktop.DBus.Introspectable": {
      text: "What an object has.",
      members: { Introspect: "Interfaces, methods, properties and signals, as XML." },
    },
    "org.freedesktop.DBus.Properties": {
      text: "Reads and writes the properties of other interfaces.",
      members: {
        Get: "One property of an interface.",
        GetAll: "All properties of an interface.",
        Set: "Writes a property of an interface.",
        PropertiesChanged:
          "Properties have new values: the interface, the new values, and names of those to be read again.",
      },
    },
    "org.freedesktop.DBus.ObjectManager": {
      text: "All objects of a service at once.",
      members: {
        GetManagedObjects: "All objects below this one, with their interfaces and properties.",
        InterfacesAdded: "An object appeared, or has more interfaces.",
        InterfacesRemoved: "An object is gone, or has fewer interfaces.",
      },
    },
  },
};

/** The bus itself. */
export const busDriver: ServiceText = {
  services: ["org.freedesktop.DBus"],
  text: "The bus itself: who is on it and who owns which name.",
  keywords: ["bus names", "services on the bus"],
  interfaces: {
    "org.freedesktop.DBus": {
      text: "Names on the bus, and who is behind them. It is at /org/freedesktop/DBus.",
      members: {
        ListNames: { text: "All names on the bus.", keywords: ["list of bus services"] },
        ListActivatableNames: "Names of services that the bus can start.",
        NameHasOwner: "Whether a name is taken.",
        GetNameOwner: "The connection that owns a name.",
        GetConnectionUnixProcessID: {
          text: "The process behind a name.",
          keywords: ["which process owns a bus name"],
        },
        GetConnectionUnixUser: "The user behind a name.",
        GetConnectionCredentials: "Who is behind a name: user, process, security label.",
        StartServiceByName: "Starts the service of a name, if the bus knows how.",
        GetId: "The number of this bus.",
        ReloadConfig: "Makes the bus read its configuration again.",
        NameOwnerChanged:
          "A name has another owner: the name, the old owner and the new one; empty means none.",
      },
    },
  },
};
