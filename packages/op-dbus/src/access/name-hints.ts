import type { OperationTarget } from "./operation-target.ts";
import type { Condition } from "./unit-conditions.ts";

/** Words of names behind which secrets are. */
const secretWords: ReadonlySet<string> = new Set(
  `secret secrets password passwords passwd passphrase passphrases credential credentials psk pin pins puk token tokens
  wep pac otp`.split(/\s+/),
);
const secretPairs = /(?:private|secret|shared|api|session|encryption|master|wep|recovery)_keys?/;
const powerName =
  /^(?:request|force|schedule|system|do|start)?(?:poweroff|reboot|soft_?reboot|halt|kexec|shutdown|suspend|hibernate|hybridsleep|factoryreset|switchroot)/;
const storageName = /(?:^|_)(?:format|delete|erase|wipe|sanitize|repair|remove|create)(?:_|$)/;

/**
 * What the name of a member that nobody looked at gives away. Names can only make an operation graver: one that sounds
 * harmless proves nothing.
 */
export function nameHints(target: OperationTarget): readonly Condition[] {
  const { member, kind } = target;
  if (member === undefined) return [];
  const name = snakeCase(member);
  const isActing = kind === "call" || kind === "set";
  return [
    ...(soundsSecret(name) ? [isActing ? secretAct : secretRead] : []),
    ...(isActing && powerName.test(name.replaceAll("_", "")) ? [power] : []),
    ...(isActing && isStorage(target) && storageName.test(name) ? [storage] : []),
  ];
}

function soundsSecret(name: string): boolean {
  return name.split("_").some((word) => secretWords.has(word)) || secretPairs.test(name);
}

function isStorage({ interface: name }: OperationTarget): boolean {
  return name?.startsWith("org.freedesktop.UDisks2.") === true;
}

/** `GetSecretKey` and `getHTTPSecret` become `get_secret_key` and `get_http_secret`. */
function snakeCase(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replaceAll(/([A-Z])([A-Z][a-z])/g, "$1_$2")
    .toLowerCase();
}

const secretRead: Condition = { class: "sensitive", reason: "Its name sounds like a secret." };
const secretAct: Condition = {
  class: "forbidden",
  reason: "Nobody has looked at it, and its name sounds like a secret.",
};
const power: Condition = {
  class: "forbidden",
  reason: "Nobody has looked at it, and by its name it ends the running system.",
};
const storage: Condition = {
  class: "forbidden",
  reason: "Nobody has looked at it, and by its name it writes over a disk.",
};
