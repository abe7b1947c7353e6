import type { ServiceText } from "../curated-text.ts";

const filter = "0 for none; 4 installed, 8 not installed (1 << 2, 1 << 3).";
const ids = "Packages as name;version;arch;repository.";
const flags = "0; 2 only trusted, 4 only simulate, 8 only download.";

/** Software. */
export const packageKit: ServiceText = {
  services: ["org.freedesktop.PackageKit"],
  text: "PackageKit: installs, removes and updates software, whatever the distribution.",
  keywords: ["packages", "updates", "install software", "apt", "dnf"],
  interfaces: {
    "org.freedesktop.PackageKit": {
      text: "The daemon and its transactions. It is at /org/freedesktop/PackageKit.",
      members: {
        CreateTransaction:
          "Makes a transaction, by which everything else is done; answers with its path.",
        GetDaemonState: "What the daemon does, as text for finding faults.",
        GetTransactionList: "The paths of transactions that wait or run.",
        GetTimeSinceAction: {
          text: "How long ago something was last done, in seconds.",
          arguments: { role: "13 refresh the cache, 22 update packages." },
          keywords: ["when were updates last checked"],
        },
        GetPackageHistory: {
          text: "When packages were installed, updated and removed.",
          arguments: { names: "Names of packages.", count: "How many entries each; 0 for all." },
          keywords: ["when was a package installed"],
        },
        CanAuthorize: {
          text: "Whether the caller may do an action: 1 yes, 2 no, 3 after a password.",
          arguments: { action_id: "Such as org.freedesktop.packagekit.package-install." },
        },
        SetProxy: "Sets the proxies for the caller's session.",
        SuggestDaemonQuit: "Asks the daemon to end as soon as it has nothing to do.",
        StateHasChanged: {
          text: "Tells the daemon that something changed outside of it.",
          arguments: { reason: '"resume" or "posttrans".' },
        },
        BackendName: "What is behind it, such as apt or dnf.",
        DistroId: "The distribution, such as debian;12;x86_64.",
        Locked: "Whether something else uses the package manager.",
        NetworkState: "0 unknown, 1 offline, 2 online, 3 wired, 4 Wi-Fi, 5 mobile.",
        UpdatesChanged: "The list of updates changed.",
        TransactionListChanged: "The list of transactions changed.",
      },
    },
    "org.freedesktop.PackageKit.Transaction": {
      text: "One action on packages. Its answers come as signals, and it can be used once.",
      members: {
        GetUpdates: {
          text: "What can be updated.",
          arguments: { filter },
          keywords: ["available updates"],
        },
        SearchNames: {
          text: "Packages whose names contain words.",
          arguments: { filter, values: "The words." },
          keywords: ["search for a package"],
        },
        SearchDetails: {
          text: "Packages whose descriptions contain words.",
          arguments: { filter, values: "The words." },
        },
        Resolve: {
          text: "Packages by their names.",
          arguments: { filter, packages: "The names." },
          keywords: ["is a package installed"],
        },
        GetDetails: { text: "Descriptions of packages.", arguments: { package_ids: ids } },
        GetFiles: { text: "The files of packages.", arguments: { package_ids: ids } },
        RefreshCache: {
          text: "Fetches the lists of packages anew.",
          arguments: { force: "true: even if they are fresh." },
        },
        InstallPackages: {
          text: "Installs packages.",
          arguments: { transaction_flags: flags, package_ids: ids },
        },
        UpdatePackages: {
          text: "Updates packages.",
          arguments: { transaction_flags: flags, package_ids: ids },
        },
        RemovePackages: {
          text: "Removes packages.",
          arguments: {
            transaction_flags: flags,
            package_ids: ids,
            allow_deps: "true: also what needs them.",
            autoremove: "true: also what only they needed.",
          },
        },
        Cancel: "Gives it up, if it can be.",
        Percentage: "How much is done; 101 where unknown.",
        Package: "A package: what about it, its id, a summary.",
        Finished: "It ended: 1 success, 2 failed, 3 cancelled; and the milliseconds it took.",
        ErrorCode: "It failed: a number and a text.",
      },
    },
    "org.freedesktop.PackageKit.Offline": {
      text: "Updates that are installed at the next boot.",
      members: {
        GetPrepared: "The packages that wait for the next boot.",
        UpdateTriggered: "Whether the next boot updates.",
        UpdatePrepared: "Whether updates are downloaded.",
        Cancel: "The next boot does not update.",
        ClearResults: "Forgets how the last update went.",
      },
    },
  },
};
