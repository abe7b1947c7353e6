import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { beforeEach } from "vitest";

/** Loaded before every test file: where the real bus is missing, the tests that use it say so and are skipped. */
function isInstalled(): boolean {
  try {
    execFileSync("dbus-daemon", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

const isMissing = !isInstalled();

beforeEach(({ skip, task }) => {
  skip(
    isMissing && readFileSync(task.file.filepath, "utf8").includes("/rig/"),
    "needs dbus-daemon",
  );
});
