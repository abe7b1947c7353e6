import { defineInterface } from "../proxy/interface-shape.ts";

/** The machine's clock and time zone. */
export const timedated = defineInterface({
  name: "org.freedesktop.timedate1",
  methods: {
    SetTime: { in: "xbb", out: "", inNames: ["usec_utc", "relative", "interactive"] },
    SetTimezone: { in: "sb", out: "", inNames: ["timezone", "interactive"] },
    SetLocalRTC: { in: "bbb", out: "", inNames: ["local_rtc", "fix_system", "interactive"] },
    SetNTP: { in: "bb", out: "", inNames: ["use_ntp", "interactive"] },
    ListTimezones: { in: "", out: "as", outNames: ["timezones"] },
  },
  properties: {
    Timezone: { type: "s" },
    LocalRTC: { type: "b" },
    CanNTP: { type: "b", emits: "none" },
    NTP: { type: "b" },
    NTPSynchronized: { type: "b", emits: "none" },
    TimeUSec: { type: "t", emits: "none" },
    RTCTimeUSec: { type: "t", emits: "none" },
  },
  signals: {},
});
