import { sep } from "node:path";

/** Trees in which reading does something, or tells secrets; no configuration opens them. */
const machinery = ["/proc", "/sys", "/dev"];

/** Folders of keys and passwords, wherever they are. */
export const secretFolders: ReadonlySet<string> = new Set([
  ".ssh",
  ".gnupg",
  ".aws",
  ".azure",
  ".kube",
  ".docker",
  ".password-store",
  ".pki",
]);

/** Files of keys and passwords, wherever they are. */
export const secretFiles: ReadonlySet<string> = new Set([
  ".netrc",
  ".pgpass",
  ".my.cnf",
  ".git-credentials",
  ".vault-token",
  ".pypirc",
  ".npmrc",
  "id_rsa",
  "id_dsa",
  "id_ecdsa",
  "id_ed25519",
  "shadow",
  "gshadow",
]);

/** Why nothing is read or written at a path with all links resolved, wherever that is allowed; undefined if it may be. */
export function whyForbidden(path: string): string | undefined {
  if (machinery.some((tree) => isWithin(path, tree))) return "files of the kernel are not touched";
  return path.split(sep).some(isSecret)
    ? "folders and files of keys and passwords are not touched"
    : undefined;
}

/** What programs run by themselves: whoever may write it, may run anything later, as somebody else. */
const selfStarting =
  /(?:^|\/)(?:\.git|\.hg|\.svn|\.(?:bash|zsh|k?sh)(?:rc|env)|\.bash_(?:profile|login|logout|aliases)|\.z(?:profile|login|logout)|\.profile|\.x(?:profile|initrc|session|sessionrc)|\.pam_environment|\.config\/(?:autostart|systemd|environment\.d|fish))(?:\/|$)/iu;

/** Why nothing is changed at a path with all links resolved, although it may be read; undefined if it may be. */
export function whyUnchangeable(path: string): string | undefined {
  return selfStarting.test(path)
    ? "programs run what is there by themselves, and it is not changed"
    : undefined;
}

/** Whether something of this name has keys or passwords. */
export function isSecret(name: string): boolean {
  // Some file systems take .SSH for .ssh.
  const plain = name.toLowerCase();
  return secretFolders.has(plain) || secretFiles.has(plain);
}

/** Whether a path is a folder or lies in it; a name that merely begins the same does not. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}
