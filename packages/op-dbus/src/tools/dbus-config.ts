import * as z from "zod";
import { AccessConfig } from "../access/access-config.ts";

const Bus = (fallback: string) =>
  z
    .string()
    .default("auto")
    .meta({ description: `Address of the bus, "none", or "auto" for ${fallback}.` });

const CrawlConfig = z
  .strictObject({
    parallelism: z.int().min(1).max(64).default(5).meta({
      description: "How many objects of one service are asked at the same time.",
    }),
    maxObjects: z.int().min(1).default(10_000).meta({
      description: "How many objects of one service are looked at.",
    }),
    timeoutMs: z.int().min(100).default(5000).meta({
      description: "How long each object may take to describe itself.",
    }),
  })
  .meta({ description: "How services are looked at." });

const CallsConfig = z
  .strictObject({
    timeoutMs: z.int().min(100).default(25_000).meta({
      description: "How long a service may take to answer a call.",
    }),
    interactiveTimeoutMs: z.int().min(1000).default(120_000).meta({
      description: "The same where an access rule lets polkit ask a person for a password.",
    }),
  })
  .meta({ description: "How services are called." });

const EventsConfig = z
  .strictObject({
    ringSize: z.int().min(16).default(256).meta({
      description: "How many signals of one subscription wait to be read; the oldest go first.",
    }),
    maxSubscriptions: z.int().min(1).max(200).default(64).meta({
      description: "How many subscriptions there are at most; a bus allows 512 rules in all.",
    }),
    idleMs: z.int().min(1000).default(600_000).meta({
      description: "A subscription that nobody reads for this long ends.",
    }),
  })
  .meta({
    description: "How signals are kept for dbus_events and for those who subscribe to objects.",
  });

const NamePattern = z.strictObject({
  pattern: z.string().meta({ description: "Names of services; * stands for any characters." }),
  grants: z.enum(["observe", "change", "destructive"]).default("change").meta({
    description: "What calling them is taken for where they say nothing.",
  }),
  mayDeclareReads: z.boolean().default(true).meta({
    description: "Whether they may say of a method, by org.dbusmcp.Risk, that it only reads.",
  }),
});

const Host = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9-]{0,15}$/)
    .meta({ description: "What its tools begin with and what rules call its bus." }),
  ssh: z.string().default("").meta({
    description: "The host as ssh knows it; systemd-stdio-bridge is run there.",
  }),
  user: z.string().default("").meta({ description: "Who logs in; whom ssh chooses unless told." }),
  port: z.int().min(0).max(65_535).default(0).meta({ description: "The port; 0 for ssh's own." }),
  address: z.string().default("").meta({ description: "An address of its bus, instead of ssh." }),
});

/** Which services of D-Bus are tools, and who may use them. */
export const DBusConfig = z
  .strictObject({
    system: Bus("the system's own"),
    session: Bus("that of the user's session, where there is one"),
    adapter: z.enum(["native", "dbus-next"]).default("native").meta({
      description: "What speaks with the bus: op-dbus itself, or the dbus-next package.",
    }),
    catalogue: z.enum(["profile", "all"]).default("profile").meta({
      description: "Which members are tools of their own: those of the profile, or all.",
    }),
    profile: z.array(z.string()).readonly().default(["essentials"]).meta({
      description:
        "Members that are tools of their own, such as org.freedesktop.systemd1.Manager.ListUnits*; essentials is a choice of some thirty-five.",
    }),
    maxTools: z.int().min(0).default(64).meta({
      description: "How many tools the profile may make.",
    }),
    namePatterns: z
      .array(NamePattern)
      .readonly()
      .default([{ pattern: "org.dbusmcp.Agent.*", grants: "change", mayDeclareReads: true }])
      .meta({ description: "Services that become tools by themselves when they appear." }),
    trustedUsers: z
      .record(z.string(), z.array(z.union([z.string(), z.int()])).readonly())
      .default({})
      .meta({
        description:
          "Users besides root that services of the system bus may run as, by patterns of services.",
      }),
    followAfterMs: z.int().min(0).default(5000).meta({
      description:
        "How long after the start services are followed although nobody has used D-Bus; 0 waits for the first use.",
    }),
    hosts: z.array(Host).readonly().default([]).meta({
      description: "Other machines whose system bus is used.",
    }),
    crawl: CrawlConfig.prefault({}),
    calls: CallsConfig.prefault({}),
    events: EventsConfig.prefault({}),
    access: AccessConfig.prefault({}),
  })
  .meta({ description: "D-Bus." });

/** Which services of D-Bus are tools, and who may use them. */
export type DBusConfig = z.output<typeof DBusConfig>;
