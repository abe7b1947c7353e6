import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { toDescriptorText } from "../../src/discovery/descriptor-text.ts";
import { readManifestFile, writeManifestFile } from "../../src/discovery/manifest-file.ts";
import { bytesInMemory } from "../../src/discovery/manifest-bytes.ts";
import {
  formatManifest,
  parseManifest,
  UnusableManifest,
  type Manifest,
  type ManifestTool,
} from "../../src/discovery/manifest.ts";
import { plainDescriptor } from "../fixtures/plain-tool.ts";

const tool = (publicName: string, name = publicName, source = "s1") => ({
  publicName,
  name,
  source,
  text: toDescriptorText(
    plainDescriptor(publicName, { source, description: `é ☃ ${publicName}\n` }),
  ),
});

const parse = (bytes: Buffer) => parseManifest(bytesInMemory(bytes));

const toolsOf = (manifest: Manifest): readonly ManifestTool[] =>
  manifest.names.map((_name, place) => manifest.at(place));

const content = {
  sources: [{ name: "s1", fingerprint: "f" }, { name: "s2" }],
  tools: [tool("zeta"), tool("alpha"), tool("s2_alpha", "alpha", "s2"), tool("beta", "be.ta")],
};

describe("the bytes of a manifest", () => {
  it("hold tools that are called like a member of every object", async () => {
    const names = ["__proto__", "constructor", "toString"];
    const manifest = parse(
      await formatManifest({ sources: [{ name: "s1" }], tools: names.map((name) => tool(name)) }),
    );
    if (manifest instanceof UnusableManifest) throw new Error(manifest.reason);
    expect(toolsOf(manifest).map(({ name }) => name)).toEqual(names);
  });

  it("give back what was written, sorted by public name", async () => {
    const manifest = parse(await formatManifest(content));
    if (manifest instanceof UnusableManifest) throw new Error(manifest.reason);
    expect(manifest.sources).toEqual(content.sources);
    expect(
      toolsOf(manifest).map(({ publicName, name, source, text }) => ({
        publicName,
        name,
        source,
        text,
      })),
    ).toEqual(
      content.tools.toSorted((left, right) => (left.publicName < right.publicName ? -1 : 1)),
    );
    expect(toolsOf(manifest)[0]?.descriptor.description).toBe("é ☃ alpha\n");
  });

  it("are either whole or refused: cut, lengthened or changed anywhere", async () => {
    const whole = await formatManifest(content);
    for (let length = 0; length < whole.length; length += 1) {
      expect(parse(whole.subarray(0, length))).toBeInstanceOf(UnusableManifest);
    }
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (at, difference) => {
        const damaged = Buffer.from(whole);
        damaged[at] = (damaged[at]! + difference) % 256;
        expect(parse(damaged)).toBeInstanceOf(UnusableManifest);
      }),
      { seed: 3, numRuns: 3000 },
    );
    expect(parse(Buffer.concat([whole, Buffer.from("x")]))).toBeInstanceOf(UnusableManifest);
  });
});

describe("a manifest file", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "op-tools-"));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it("is made for its owner alone, with its folder, and replaced as a whole", async () => {
    const path = join(folder, "deep", "tools.manifest");
    await writeManifestFile(path, content);
    await writeManifestFile(path, { sources: [], tools: [] });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, "deep")).mode & 0o777).toBe(0o700);
    using manifest = readManifestFile(path);
    expect(manifest).toMatchObject({ sources: [], names: [] });
  });

  it("is not used when it is damaged or no manifest, and that is said", async () => {
    const warnings: string[] = [];
    const logger = {
      debug: () => {},
      info: () => {},
      error: () => {},
      warn: (message: string) => void warnings.push(message),
      child: () => logger,
    };
    const path = join(folder, "tools.manifest");
    expect(readManifestFile(path, logger)).toBeUndefined();
    expect(warnings).toEqual([]);
    await writeManifestFile(path, content);
    writeFileSync(path, readFileSync(path).subarray(0, -5));
    expect(readManifestFile(path, logger)).toBeUndefined();
    expect(readManifestFile(folder, logger)).toBeUndefined();
    expect(warnings).toHaveLength(2);
  });

  it("leaves the old one and no rubbish when it cannot be written", async () => {
    await expect(writeManifestFile("/etc/passwd/tools.manifest", content)).rejects.toThrow(
      /ENOTDIR|EEXIST/,
    );
  });
});

describe("a manifest that was closed", () => {
  it("says so, and never reads another file", async () => {
    const folder = mkdtempSync(join(tmpdir(), "op-tools-"));
    const path = join(folder, "tools.manifest");
    await writeManifestFile(path, content);
    const manifest = readManifestFile(path);
    const first = manifest?.at(0);
    manifest?.[Symbol.dispose]();
    manifest?.[Symbol.dispose]();
    expect(() => first?.descriptor).toThrow(
      expect.objectContaining({ code: "ERR_MANIFEST_CLOSED" }),
    );
    rmSync(folder, { recursive: true });
  });
});
