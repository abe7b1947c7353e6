/** The name of the unit that systemd has for what is mounted at a path: `/srv/data` is `srv-data.mount`. */
export function mountUnit(target: string): string {
  const parts = target.split("/").filter((part) => part !== "");
  const escaped = parts.map(escapePart).join("-");
  const isHidden = escaped.startsWith(".");
  return `${isHidden ? String.raw`\x2e` : ""}${isHidden ? escaped.slice(1) : escaped}.mount`;
}

function escapePart(part: string): string {
  const bytes = [...Buffer.from(part)];
  return bytes
    .map((byte) => {
      const character = String.fromCharCode(byte);
      const isPlain = /[A-Za-z0-9:_.]/.test(character);
      return isPlain ? character : String.raw`\x${byte.toString(16).padStart(2, "0")}`;
    })
    .join("");
}
