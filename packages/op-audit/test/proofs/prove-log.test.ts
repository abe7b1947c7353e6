import { expect, test } from "vitest";
import {
  createAuditKey,
  parseCheckpoint,
  parseNote,
  proveEntry,
  proveGrowth,
  verifyConsistency,
  verifyProof,
} from "../../src/index.ts";
import { createMemorySink } from "../../src/sinks/index.ts";
import { callDraft, key, openSampleLog, readAll } from "../fixtures/sample-log.ts";
import { makeTempDirectory } from "../fixtures/temp-directory.ts";

const verifiers = [key.verifier];

test.each(["none", "zstd"] as const)(
  "proves every entry with nothing but the proof and a key (%s)",
  async (compression) => {
    await using directory = await makeTempDirectory();
    {
      await using log = await openSampleLog(directory.path, { compression, checkpointEntries: 7 });
      for (let at = 0; at < 30; at += 1) {
        await log.append(callDraft(at));
        if (at % 8 === 7) await log.rotate();
      }
      await log.tidy();
    }
    for (const entry of await readAll(directory.path)) {
      const proof = await proveEntry({ directory: directory.path, seq: entry.seq });
      expect(verifyProof(JSON.parse(JSON.stringify(proof)), verifiers)).toMatchObject({
        entry,
        signedBy: ["example/audit"],
      });
    }
  },
);

test("refuses a proof that was changed anywhere, or that a stranger signed", async () => {
  await using directory = await makeTempDirectory();
  {
    await using log = await openSampleLog(directory.path);
    for (let at = 0; at < 9; at += 1) await log.append(callDraft(at));
  }
  const proof = await proveEntry({ directory: directory.path, seq: 4 });
  const hash = proof.path[1]!;
  const changed = [
    { ...proof, seq: 5 },
    { ...proof, entry: proof.entry.replace("tool_3", "tool_4") },
    { ...proof, previous: hash },
    { ...proof, path: proof.path.with(0, hash) },
    { ...proof, path: proof.path.slice(1) },
    { ...proof, checkpoint: proof.checkpoint.replace("\n11\n", "\n12\n") },
  ];
  for (const each of changed) {
    expect(() => verifyProof(each, verifiers)).toThrow(
      expect.objectContaining({ code: "ERR_AUDIT_PROOF" }),
    );
  }
  const stranger = createAuditKey("example/audit").verifier;
  expect(() => verifyProof(proof, [stranger])).toThrow(
    expect.objectContaining({ code: "ERR_AUDIT_PROOF" }),
  );
  expect(() => verifyProof({}, verifiers)).toThrow(
    expect.objectContaining({ code: "ERR_AUDIT_FORMAT" }),
  );
});

test("says when no checkpoint covers an entry yet, and when there is none such", async () => {
  await using directory = await makeTempDirectory();
  await using log = await openSampleLog(directory.path);
  const none = expect.objectContaining({ code: "ERR_AUDIT_PROOF" });
  await expect(proveEntry({ directory: directory.path, seq: 0 })).rejects.toEqual(none);
  await log.checkpoint();
  expect(await proveEntry({ directory: directory.path, seq: 0 })).toMatchObject({ seq: 0 });
  await expect(proveEntry({ directory: directory.path, seq: 1 })).rejects.toEqual(none);
});

test("proves between any two checkpoints that the log only grew", async () => {
  await using directory = await makeTempDirectory();
  const witness = createMemorySink();
  {
    await using log = await openSampleLog(directory.path, {
      witnesses: [witness],
      checkpointEntries: 3,
    });
    for (let at = 0; at < 20; at += 1) {
      await log.append(callDraft(at));
      if (at % 6 === 5) await log.rotate();
    }
  }
  const heads = witness.messages.map(({ text }) => parseCheckpoint(parseNote(text).text));
  expect(heads.length).toBeGreaterThan(5);
  for (const [at, first] of heads.entries()) {
    for (const second of heads.slice(at)) {
      const path = await proveGrowth({
        directory: directory.path,
        from: first.size,
        to: second.size,
      });
      expect(verifyConsistency(first, second, path)).toBe(true);
    }
  }
});
