import { isWellKnownName } from "../../names/bus-name.ts";
import { isObjectPath } from "../../names/object-path.ts";

/** An object of a service of a bus. */
export interface ObjectPlace {
  readonly bus: string;
  readonly service: string;
  readonly path: string;
}

/** The URI of an object, such as `dbus://system/org.freedesktop.hostname1/org/freedesktop/hostname1`. */
export function formatObjectUri({ bus, service, path }: ObjectPlace): string {
  return `dbus://${bus}/${service}${path}`;
}

/** Reads the URI of an object; undefined when it is none. */
export function parseObjectUri(uri: string): ObjectPlace | undefined {
  const [, bus, service, path] = /^dbus:\/\/([^/]+)\/([^/]+)(\/.*)$/s.exec(uri) ?? [];
  if (bus === undefined || service === undefined || path === undefined) return undefined;
  return isWellKnownName(service) && isObjectPath(path) ? { bus, service, path } : undefined;
}
