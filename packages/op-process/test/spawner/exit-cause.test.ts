import { expect, test } from "vitest";
import { toExitCause } from "../../src/spawner/exit-cause.ts";

const plain = { limits: {}, isPassedOn: false, hasRunOutOfMemory: false };
const sandboxed = { ...plain, isPassedOn: true };
const limited = { ...plain, limits: { cpuTimeMs: 1, fileBytes: 1 } };

test.each([
  [{ code: 3, signal: null }, plain, { kind: "exited", code: 3 }],
  [{ code: 143, signal: null }, plain, { kind: "exited", code: 143 }],
  [{ code: 143, signal: null }, sandboxed, { kind: "signalled", signal: "SIGTERM" }],
  [{ code: 255, signal: null }, sandboxed, { kind: "exited", code: 255 }],
  [{ code: null, signal: "SIGSEGV" }, plain, { kind: "signalled", signal: "SIGSEGV" }],
  [{ code: null, signal: "SIGXCPU" }, plain, { kind: "signalled", signal: "SIGXCPU" }],
  [{ code: null, signal: "SIGXCPU" }, limited, { kind: "limit", limit: "cpuTime" }],
  [{ code: null, signal: "SIGXFSZ" }, limited, { kind: "limit", limit: "fileBytes" }],
  [
    { code: null, signal: "SIGKILL" },
    { ...plain, hasRunOutOfMemory: true },
    { kind: "limit", limit: "memory" },
  ],
])("%j under %j is %j", (raw, circumstances, cause) => {
  expect(toExitCause(raw, circumstances)).toEqual(cause);
});
