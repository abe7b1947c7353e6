import { defineInterface } from "../proxy/interface-shape.ts";

const setter = (name: string) => ({ in: "sb", out: "", inNames: [name, "interactive"] }) as const;

/** The machine's names and what it is. */
export const hostnamed = defineInterface({
  name: "org.freedesktop.hostname1",
  methods: {
    SetHostname: setter("hostname"),
    SetStaticHostname: setter("hostname"),
    SetPrettyHostname: setter("hostname"),
    SetIconName: setter("icon"),
    SetChassis: setter("chassis"),
    SetDeployment: setter("deployment"),
    SetLocation: setter("location"),
    Describe: { in: "", out: "s", outNames: ["json"] },
  },
  properties: {
    Hostname: { type: "s" },
    StaticHostname: { type: "s" },
    PrettyHostname: { type: "s" },
    IconName: { type: "s" },
    Chassis: { type: "s" },
    Deployment: { type: "s" },
    Location: { type: "s" },
    KernelName: { type: "s", emits: "const" },
    KernelRelease: { type: "s", emits: "const" },
    KernelVersion: { type: "s", emits: "const" },
    OperatingSystemPrettyName: { type: "s", emits: "const" },
    OperatingSystemCPEName: { type: "s", emits: "const" },
    HomeURL: { type: "s", emits: "const" },
    HardwareVendor: { type: "s", emits: "const" },
    HardwareModel: { type: "s", emits: "const" },
  },
  signals: {},
});
