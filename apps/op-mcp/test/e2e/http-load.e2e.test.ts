import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect } from "vitest";
import { verifies } from "./verifies.ts";

const script = fileURLToPath(new URL("../../bench/load.ts", import.meta.url));

verifies("http.load", "for ten seconds", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [script, "--seconds", "10"]);
  expect(JSON.parse(stdout)).toMatchObject({ errors: 0, exitCode: 0, ok: true });
});
