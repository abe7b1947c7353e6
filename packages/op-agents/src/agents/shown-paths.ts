import { existsSync } from "node:fs";

/** The socket of a bus that has one in the file system, as something that a sandbox can show. */
export function socketsOf(address: string): readonly string[] {
  const paths = address.split(";").flatMap((one) => {
    const path = /^unix:(?:.*,)?path=([^,]+)/u.exec(one)?.[1];
    return path === undefined ? [] : [decodeURIComponent(path)];
  });
  return existing(paths);
}

/** Those of some paths that are there: a sandbox refuses to show others. */
export function existing(paths: readonly string[]): readonly string[] {
  return paths.filter((path) => existsSync(path));
}

/** With what is hidden anyway, all folders but those that programs are made of, and the kernel's. */
export const machineFolders: readonly string[] = ["/boot", "/etc", "/opt", "/var"];

/** What nobody has to see who only asks services: a sandbox's user that is root could read it. */
export const rootFolders: readonly string[] = [...machineFolders, "/sys"];
