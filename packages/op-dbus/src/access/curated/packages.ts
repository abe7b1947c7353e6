import type { ServiceTable } from "../service-table.ts";

/** Software. Installing a package runs its scripts as root, so every transaction is forbidden, queries included. */
export const packageKit: ServiceTable = {
  services: ["org.freedesktop.PackageKit"],
  interfaces: {
    "org.freedesktop.PackageKit": {
      methods: {
        observe: `CanAuthorize GetDaemonState GetPackageHistory GetTimeSinceAction GetTransactionList`,
        change: "StateHasChanged SuggestDaemonQuit",
        destructive: "SetProxy",
        forbidden: "CreateTransaction",
      },
      idempotent: "SetProxy StateHasChanged SuggestDaemonQuit",
      polkit: { "org.freedesktop.packagekit.system-network-proxy-configure": "SetProxy" },
    },
    "org.freedesktop.PackageKit.Offline": {
      methods: {
        observe: "GetPrepared",
        change: "Cancel ClearResults",
        forbidden: "Trigger TriggerUpgrade",
      },
      idempotent: "Cancel ClearResults",
      polkit: {
        "org.freedesktop.packagekit.clear-offline-update": "ClearResults",
        "org.freedesktop.packagekit.trigger-offline-update": "Cancel Trigger",
        "org.freedesktop.packagekit.trigger-offline-upgrade": "TriggerUpgrade",
      },
    },
    "org.freedesktop.PackageKit.Transaction": {
      methods: {
        sensitive: `DependsOn GetCategories GetDetails GetDetailsLocal GetDistroUpgrades GetFiles GetFilesLocal
          GetOldTransactions GetPackages GetRepoList GetUpdateDetail GetUpdates RequiredBy Resolve SearchDetails SearchFiles
          SearchGroups SearchNames WhatProvides`,
        change: "Cancel SetHints",
        destructive: "DownloadPackages RefreshCache",
        forbidden: `AcceptEula InstallFiles InstallPackages InstallSignature RemovePackages RepairSystem RepoEnable
          RepoRemove RepoSetData UpdatePackages UpgradeSystem`,
      },
    },
  },
};
