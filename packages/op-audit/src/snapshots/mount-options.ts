/** Mounted with one of these, btrfs writes data without checksums. */
const unchecked = new Set(["nodatasum", "nodatacow"]);

/** Whether what is written below a path gets checksums, by how its file system is mounted (`/proc/self/mountinfo`). */
export function hasDataChecksums(mountInfo: string, path: string): boolean {
  const mounts = mountInfo.split("\n").flatMap((line) => {
    const fields = line.split(" ");
    const point = unescapeOctal(fields[4] ?? "");
    const options = [fields[5] ?? "", fields.at(-1) ?? ""].flatMap((list) => list.split(","));
    return point !== "" && isBelow(path, point) ? [{ point, options }] : [];
  });
  // The innermost counts, and of those in the same place the one that was mounted last.
  const mount = mounts.toSorted((one, other) => one.point.length - other.point.length).at(-1);
  return mount === undefined || !mount.options.some((option) => unchecked.has(option));
}

function isBelow(path: string, point: string): boolean {
  return path === point || path.startsWith(point.endsWith("/") ? point : `${point}/`);
}

/** White space and backslashes in paths are written as three octal digits. */
function unescapeOctal(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_all, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}
