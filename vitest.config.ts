import { defineConfig } from "vitest/config";
import { SlowFirstSequencer } from "./tooling/test-support/src/slow-first-sequencer.ts";

export default defineConfig({
  test: {
    projects: ["packages/*", "apps/*", "tooling/*"],
    sequence: { sequencer: SlowFirstSequencer },
  },
});
