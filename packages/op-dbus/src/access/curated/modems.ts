import type { ServiceTable } from "../service-table.ts";

const prefix = "org.freedesktop.ModemManager1";
const deviceControl = `${prefix}.Device.Control`;

/** Mobile modems. Sending and calling cost money, and identifiers say who somebody is and where. */
export const modemManager: ServiceTable = {
  services: [prefix],
  interfaces: {
    [prefix]: {
      methods: {
        change: "ScanDevices SetLogging",
        destructive: "InhibitDevice",
        forbidden: "ReportKernelEvent",
      },
      idempotent: "InhibitDevice ScanDevices SetLogging",
      polkit: { [`${prefix}.Control`]: "InhibitDevice ReportKernelEvent ScanDevices SetLogging" },
    },
    [`${prefix}.Modem`]: {
      methods: {
        observe: "ListBearers",
        sensitive: "GetCellInfo",
        destructive: `CreateBearer DeleteBearer Enable Reset SetCurrentBands SetCurrentCapabilities SetCurrentModes
          SetPowerState SetPrimarySimSlot`,
        forbidden: "Command FactoryReset",
      },
      secret: "DeviceIdentifier EquipmentIdentifier OwnNumbers",
      idempotent: `Enable SetCurrentBands SetCurrentCapabilities SetCurrentModes SetPowerState SetPrimarySimSlot`,
      polkit: {
        [deviceControl]: `CreateBearer DeleteBearer Enable FactoryReset GetCellInfo Reset SetCurrentBands
          SetCurrentCapabilities SetCurrentModes SetPowerState SetPrimarySimSlot`,
      },
    },
    [`${prefix}.Modem.Simple`]: {
      methods: { observe: "GetStatus", change: "Connect", destructive: "Disconnect" },
      idempotent: "Connect Disconnect",
      polkit: { [deviceControl]: "Connect Disconnect" },
    },
    [`${prefix}.Bearer`]: {
      methods: { change: "Connect", destructive: "Disconnect" },
      idempotent: "Connect Disconnect",
      polkit: { [deviceControl]: "Connect Disconnect" },
    },
    [`${prefix}.Modem.Modem3gpp`]: {
      methods: {
        change: "Register",
        sensitive: "Scan",
        destructive: `SetEpsUeModeOperation SetInitialEpsBearerSettings SetNr5gRegistrationSettings SetPacketServiceState`,
        forbidden: "DisableFacilityLock",
      },
      secret: "Imei",
    },
    [`${prefix}.Modem.Modem3gpp.ProfileManager`]: {
      methods: { observe: "List", destructive: "Delete Set" },
    },
    [`${prefix}.Modem.Modem3gpp.Ussd`]: {
      methods: { change: "Cancel", destructive: "Initiate Respond" },
      polkit: { [`${prefix}.USSD`]: "Cancel Initiate Respond" },
    },
    [`${prefix}.Modem.ModemCdma`]: {
      methods: { destructive: "Activate ActivateManual" },
      secret: "Esn Meid",
    },
    [`${prefix}.Modem.Firmware`]: {
      methods: { observe: "List", forbidden: "Select" },
      polkit: { [`${prefix}.Firmware`]: "List Select" },
    },
    [`${prefix}.Modem.Location`]: {
      methods: {
        sensitive: "GetLocation",
        change: "SetGpsRefreshRate",
        destructive: "InjectAssistanceData SetSuplServer Setup",
      },
      secret: "Location",
      polkit: { [`${prefix}.Location`]: "GetLocation Setup" },
    },
    [`${prefix}.Modem.Messaging`]: {
      methods: { sensitive: "List", change: "Create", destructive: "Delete" },
      polkit: { [`${prefix}.Messaging`]: "Create Delete List" },
    },
    [`${prefix}.Sms`]: {
      methods: { change: "Store", destructive: "Send" },
      secret: "Data Number Text",
      polkit: { [`${prefix}.Messaging`]: "Send Store" },
    },
    [`${prefix}.Modem.Voice`]: {
      methods: {
        observe: "CallWaitingQuery",
        sensitive: "ListCalls",
        destructive: `CallWaitingSetup CreateCall DeleteCall HangupAll HangupAndAccept HoldAndAccept Transfer`,
      },
      polkit: { [`${prefix}.Voice`]: "CreateCall DeleteCall HangupAll" },
    },
    [`${prefix}.Call`]: {
      methods: {
        destructive: "Accept Deflect Hangup JoinMultiparty LeaveMultiparty SendDtmf Start",
      },
      secret: "Number",
      polkit: { [`${prefix}.Voice`]: "Accept Hangup Start" },
    },
    [`${prefix}.Modem.Oma`]: {
      methods: {
        change: "CancelSession",
        destructive: "AcceptNetworkInitiatedSession Setup StartClientInitiatedSession",
      },
    },
    [`${prefix}.Modem.Sar`]: { methods: { destructive: "Enable SetPowerLevel" } },
    [`${prefix}.Modem.Signal`]: {
      methods: { change: "Setup SetupThresholds" },
      idempotent: "Setup SetupThresholds",
    },
    [`${prefix}.Modem.Time`]: { methods: { observe: "GetNetworkTime" } },
    [`${prefix}.Sim`]: {
      methods: {
        destructive: "SetPreferredNetworks",
        forbidden: "ChangePin EnablePin SendPin SendPuk",
      },
      secret: "Eid Imsi SimIdentifier",
    },
  },
};
