import { expect, it } from "vitest";
import * as entry from "../src/index.ts";
import * as redaction from "../src/redaction.ts";
import * as sinks from "../src/sinks/index.ts";
import * as testing from "../src/testing/index.ts";
import * as writer from "../src/writer.ts";

it("exports what it promises", () => {
  expect({
    ".": Object.keys(entry).toSorted(),
    "./redaction": Object.keys(redaction).toSorted(),
    "./sinks": Object.keys(sinks).toSorted(),
    "./testing": Object.keys(testing).toSorted(),
    "./writer": Object.keys(writer).toSorted(),
  }).toMatchInlineSnapshot(`
    {
      ".": [
        "AuditClosedError",
        "AuditConfig",
        "AuditDecision",
        "AuditEntryError",
        "AuditEventName",
        "AuditFormatError",
        "AuditKeyError",
        "AuditLockedError",
        "AuditOutcome",
        "AuditProof",
        "AuditProofError",
        "AuditRecord",
        "AuditRisk",
        "AuditSinkError",
        "AuditUnavailableError",
        "CallBegan",
        "CallEnded",
        "LegalHold",
        "SecurityEvent",
        "canonicalJson",
        "createAuditKey",
        "createMemoryAuditLog",
        "entryVersion",
        "exportEntries",
        "exportFormats",
        "followEntries",
        "listSnapshots",
        "matchesFilter",
        "nodeFiles",
        "openAuditIndex",
        "openAuditKey",
        "openAuditLog",
        "parseCheckpoint",
        "parseNote",
        "parseVerifier",
        "proveEntry",
        "proveGrowth",
        "readEntries",
        "redact",
        "redactText",
        "redactionMark",
        "replaySession",
        "secretMarks",
        "sessionSteps",
        "verifyConsistency",
        "verifyLog",
        "verifyNote",
        "verifyProof",
      ],
      "./redaction": [
        "isSecretName",
        "redactText",
      ],
      "./sinks": [
        "createFanOutSink",
        "createFileSink",
        "createHttpSink",
        "createJournaldSink",
        "createMemorySink",
        "createSyslogSink",
        "messageLine",
        "readWitnessFile",
      ],
      "./testing": [
        "auditSinkContract",
      ],
      "./writer": [
        "AuditLockedError",
        "openAuditKey",
        "openAuditLog",
      ],
    }
  `);
});
