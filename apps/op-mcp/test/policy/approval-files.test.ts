import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createApprovalCodes } from "../../src/policy/approval-codes.ts";
import { createApprovalFiles } from "../../src/policy/approval-files.ts";
import { describeApprovalStore } from "./approval-store-contract.ts";

class Place implements Disposable {
  readonly root = mkdtempSync(join(tmpdir(), "op-mcp-approvals-"));
  readonly directory = join(this.root, "state", "approvals");
  readonly store = createApprovalFiles(this.directory);

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

const call = { callDigest: "call", principalId: "oauth:sub=bob", summary: "Stop nginx" };

describeApprovalStore("a directory", () => new Place());

describe("a directory of approvals", () => {
  it("is made when something is kept, for its owner only", () => {
    using place = new Place();
    const codes = createApprovalCodes({ store: place.store });
    expect(codes.pending()).toEqual([]);
    expect(readdirSync(place.root)).toEqual([]);
    const { code } = codes.request(call);
    codes.approve(code, "root");
    codes.request(call);
    expect(() => codes.approve("00000-00000", "root")).toThrow("No call waits");
    expect(statSync(place.directory).mode & 0o777).toBe(0o700);
    const names = readdirSync(place.directory);
    const kinds = names.map((name) => name.slice(0, name.indexOf("-")));
    expect(new Set(kinds)).toEqual(new Set(["approved", "failures", "pending"]));
    for (const name of names) {
      expect(statSync(join(place.directory, name)).mode & 0o777).toBe(0o600);
      expect(name).not.toContain(code.slice(0, 5));
    }
  });

  it("is refused where somebody else could write to it", () => {
    using place = new Place();
    mkdirSync(place.directory, { recursive: true });
    chmodSync(place.directory, 0o770);
    const codes = createApprovalCodes({ store: place.store });
    expect(() => codes.take(call)).toThrow("other users may enter it");
    expect(() => codes.request(call)).toThrow("other users may enter it");
    rmSync(place.directory, { recursive: true });
    symlinkSync(place.root, place.directory);
    expect(() => codes.take(call)).toThrow("it is no directory");
  });

  it("takes nothing torn or foreign for an approval, and prunes it", () => {
    using place = new Place();
    const codes = createApprovalCodes({ store: place.store });
    codes.approve(codes.request(call).code, "root");
    const [name = ""] = readdirSync(place.directory);
    const file = join(place.directory, name);
    for (const text of ["", "{", "null", "[]", '{"callDigest":"call"}', '"approved"']) {
      writeFileSync(file, text);
      expect(codes.take(call)).toBeUndefined();
    }
    writeFileSync(file, "{");
    place.store.prune(Date.now(), 0);
    expect(readdirSync(place.directory)).toEqual([]);
  });

  it("forgets what a crash has left half-way", () => {
    using place = new Place();
    createApprovalCodes({ store: place.store }).request(call);
    writeFileSync(join(place.directory, "moving-left-behind"), "");
    place.store.prune(Date.now(), 0);
    expect(readdirSync(place.directory)).toHaveLength(2);
    place.store.prune(Date.now() + 3_600_000, 0);
    expect(readdirSync(place.directory)).toEqual([]);
  });
});
