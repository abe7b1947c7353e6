import { defineInterface } from "../proxy/interface-shape.ts";

/** A change of a unit's state that waits or is under way. */
export const systemdJob = defineInterface({
  name: "org.freedesktop.systemd1.Job",
  methods: {
    Cancel: { in: "", out: "" },
    GetAfter: { in: "", out: "a(usssoo)", outNames: ["jobs"] },
    GetBefore: { in: "", out: "a(usssoo)", outNames: ["jobs"] },
  },
  properties: {
    Id: { type: "u", emits: "const" },
    Unit: { type: "(so)", emits: "const" },
    JobType: { type: "s", emits: "const" },
    State: { type: "s" },
  },
  signals: {},
});
