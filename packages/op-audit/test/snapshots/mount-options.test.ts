import { expect, test } from "vitest";
import { hasDataChecksums } from "../../src/snapshots/mount-options.ts";

const mounts = [
  "22 1 0:20 / / rw,relatime shared:1 - btrfs /dev/sda rw,space_cache=v2,subvolid=256",
  "30 22 0:21 / /var/lib rw,relatime shared:2 - btrfs /dev/sdb rw,nodatasum,subvol=/",
  "31 30 0:22 / /var/lib/with\\040space rw,relatime - btrfs /dev/sdc rw,subvol=/",
  "32 22 0:23 / /srv rw - btrfs /dev/sdd rw,nodatacow",
  "33 32 0:24 / /srv rw - btrfs /dev/sde rw",
  "",
].join("\n");

test.each([
  ["/home/log", true],
  ["/var/lib", false],
  ["/var/lib/op-mcp/audit", false],
  ["/var/library", true],
  ["/var/lib/with space/audit", true],
  ["/srv/audit", true],
])("tells by the innermost mount, and the last one of a place: %s", (path, expected) => {
  expect(hasDataChecksums(mounts, path)).toBe(expected);
});

test("knows of nothing against checksums where nothing is mounted", () => {
  expect(hasDataChecksums("", "/")).toBe(true);
});
