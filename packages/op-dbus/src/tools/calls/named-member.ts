import { UnknownMemberError } from "../dbus-tools-error.ts";

/** The member of this name; throws `ERR_DBUS_UNKNOWN`, which names those that are near. */
export function memberNamed<T extends { readonly name: string }>(
  members: readonly T[],
  name: string,
  kind: { readonly what: string; readonly owner: string },
): T {
  const found = members.find((member) => member.name === name);
  if (found !== undefined) return found;
  const wanted = name.toLowerCase();
  const near = members.filter(
    (member) =>
      member.name.toLowerCase().includes(wanted) || wanted.includes(member.name.toLowerCase()),
  );
  const nearest = near.slice(0, 5).map((member) => member.name);
  const shown = JSON.stringify(name.slice(0, 255));
  throw new UnknownMemberError(`${kind.what} ${shown} of ${kind.owner}`, nearest);
}
