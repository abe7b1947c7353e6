import type { ServiceTable } from "../service-table.ts";

/** The bus itself. Its connection's own affairs are not for callers: names, match rules and who else talks. */
export const busDriver: ServiceTable = {
  services: ["org.freedesktop.DBus"],
  interfaces: {
    "org.freedesktop.DBus": {
      methods: {
        observe: `GetConnectionCredentials GetConnectionSELinuxSecurityContext GetConnectionUnixProcessID
          GetConnectionUnixUser GetId GetNameOwner ListActivatableNames ListNames ListQueuedOwners NameHasOwner`,
        sensitive: "GetAdtAuditSessionData",
        change: "StartServiceByName",
        destructive: "ReloadConfig",
        forbidden: "AddMatch Hello ReleaseName RemoveMatch RequestName UpdateActivationEnvironment",
      },
      idempotent: "StartServiceByName ReloadConfig",
    },
    "org.freedesktop.DBus.Monitoring": { methods: { forbidden: "BecomeMonitor" } },
    "org.freedesktop.DBus.Debug.Stats": {
      methods: { forbidden: "GetAllMatchRules GetConnectionStats GetStats" },
    },
    "org.freedesktop.DBus.Verbose": { methods: { forbidden: "EnableVerbose DisableVerbose" } },
  },
};
