import type { ServiceTable } from "../service-table.ts";

/** Containers and virtual machines. */
export const machine1: ServiceTable = {
  services: ["org.freedesktop.machine1"],
  interfaces: {
    "org.freedesktop.machine1.Manager": {
      methods: {
        observe: `GetImage GetImageHostname GetImageMachineID GetImageMachineInfo GetImageOSRelease GetMachine
          GetMachineAddresses GetMachineByPID GetMachineOSRelease GetMachineUIDShift ListImages ListMachines
          MapFromMachineGroup MapFromMachineUser MapToMachineGroup MapToMachineUser`,
        destructive: `CloneImage MarkImageReadOnly RenameImage SetImageLimit SetPoolLimit UnregisterMachine`,
        forbidden: `BindMountMachine CleanPool CopyFromMachine CopyFromMachineWithFlags CopyToMachine
          CopyToMachineWithFlags CreateMachine CreateMachineWithNetwork KillMachine OpenMachineLogin OpenMachinePTY
          OpenMachineRootDirectory OpenMachineShell RegisterMachine RegisterMachineWithNetwork RemoveImage
          TerminateMachine`,
      },
      idempotent: "MarkImageReadOnly SetImageLimit SetPoolLimit",
      polkit: {
        "org.freedesktop.machine1.manage-images": `CloneImage MarkImageReadOnly RemoveImage RenameImage SetImageLimit
          SetPoolLimit CleanPool`,
        "org.freedesktop.machine1.manage-machines": `BindMountMachine CopyFromMachine CopyToMachine KillMachine
          OpenMachineRootDirectory TerminateMachine UnregisterMachine`,
        "org.freedesktop.machine1.shell": "OpenMachineShell",
        "org.freedesktop.machine1.login": "OpenMachineLogin",
        "org.freedesktop.machine1.open-pty": "OpenMachinePTY",
      },
    },
    "org.freedesktop.machine1.Machine": {
      methods: {
        observe: "GetAddresses GetOSRelease GetUIDShift",
        forbidden: `BindMount CopyFrom CopyFromWithFlags CopyTo CopyToWithFlags Kill OpenLogin OpenPTY OpenRootDirectory
          OpenShell Terminate`,
      },
    },
    "org.freedesktop.machine1.Image": {
      methods: {
        observe: "GetHostname GetMachineID GetMachineInfo GetOSRelease",
        destructive: "Clone MarkReadOnly Rename SetLimit",
        forbidden: "Remove",
      },
      idempotent: "MarkReadOnly SetLimit",
      polkit: {
        "org.freedesktop.machine1.manage-images": "Clone MarkReadOnly Remove Rename SetLimit",
      },
    },
  },
};

const portableReads = `GetMetadata GetMetadataWithExtensions GetOSRelease GetState GetStateWithExtensions`;

/** Services in images of their own: attaching one is installing a program. */
export const portable1: ServiceTable = {
  services: ["org.freedesktop.portable1"],
  interfaces: {
    "org.freedesktop.portable1.Manager": {
      methods: {
        observe: `GetImage GetImageMetadata GetImageMetadataWithExtensions GetImageOSRelease GetImageState
          GetImageStateWithExtensions ListImages`,
        destructive: `DetachImage DetachImageWithExtensions MarkImageReadOnly SetImageLimit SetPoolLimit`,
        forbidden: `AttachImage AttachImageWithExtensions ReattachImage ReattachImageWithExtensions RemoveImage`,
      },
      idempotent: "MarkImageReadOnly SetImageLimit SetPoolLimit",
      polkit: {
        "org.freedesktop.portable1.attach-images": `AttachImage AttachImageWithExtensions DetachImage
          DetachImageWithExtensions ReattachImage ReattachImageWithExtensions`,
        "org.freedesktop.portable1.manage-images": `MarkImageReadOnly RemoveImage SetImageLimit SetPoolLimit`,
      },
    },
    "org.freedesktop.portable1.Image": {
      methods: {
        observe: portableReads,
        destructive: "Detach DetachWithExtensions MarkReadOnly SetLimit",
        forbidden: "Attach AttachWithExtensions Reattach ReattacheWithExtensions Remove",
      },
      idempotent: "MarkReadOnly SetLimit",
    },
  },
};

/** Downloads of images. */
export const import1: ServiceTable = {
  services: ["org.freedesktop.import1"],
  interfaces: {
    "org.freedesktop.import1.Manager": {
      methods: {
        observe: "ListTransfers",
        change: "CancelTransfer",
        forbidden: `ExportRaw ExportTar ImportFileSystem ImportRaw ImportTar PullRaw PullTar`,
      },
      polkit: {
        "org.freedesktop.import1.import": "ImportFileSystem ImportRaw ImportTar",
        "org.freedesktop.import1.export": "ExportRaw ExportTar",
        "org.freedesktop.import1.pull": "CancelTransfer PullRaw PullTar",
      },
    },
    "org.freedesktop.import1.Transfer": { methods: { change: "Cancel" } },
  },
};
