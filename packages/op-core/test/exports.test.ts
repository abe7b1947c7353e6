import * as core from "op-core";
import * as streams from "op-core/streams";
import * as testing from "op-core/testing";
import { expect, test } from "vitest";

test("exports exactly this", () => {
  expect(Object.keys(core).toSorted()).toMatchInlineSnapshot(`
    [
      "CircuitOpenError",
      "DeadlineExceededError",
      "OpError",
      "QueueFullError",
      "ServiceCloseError",
      "ServiceOpenError",
      "TransientMap",
      "abortable",
      "backoffDelayMs",
      "canonicalJson",
      "createCircuitBreaker",
      "createEventBoard",
      "createSemaphore",
      "createSingleFlight",
      "defaultBackoffPolicy",
      "failureCode",
      "formatError",
      "inSpan",
      "isAbortOf",
      "isErrorOf",
      "isJsonObject",
      "isOpError",
      "onAbort",
      "openServices",
      "retry",
      "silentLogger",
      "sleep",
      "startDeadline",
      "systemClock",
    ]
  `);
  expect(Object.keys(streams).toSorted()).toMatchInlineSnapshot(`
    [
      "SocketReadable",
      "readSocket",
    ]
  `);
  expect(Object.keys(testing).toSorted()).toMatchInlineSnapshot(`
    [
      "createManualClock",
      "createRecordingTracer",
    ]
  `);
});
