import type { CuratedText, InterfaceText, ServiceText } from "./curated-text.ts";
import { serviceTexts } from "./curated/service-texts.ts";

/** What every service has is under `*`. */
const byService = Map.groupBy(
  serviceTexts.flatMap((text) => text.services.map((name) => ({ name, text }))),
  ({ name }) => name,
);

/** What a service is for; undefined when nobody wrote about it. */
export function describeService(service: string): CuratedText | undefined {
  return service === "*" ? undefined : textsOf(service)[0];
}

/** What an interface of a service is for. */
export function describeInterface(service: string, name: string): CuratedText | undefined {
  return findInterface(service, name);
}

/** What a method, a property or a signal does, and what its arguments mean. */
export function describeMember(
  service: string,
  name: string,
  member: string,
): CuratedText | undefined {
  const members = findInterface(service, name)?.members ?? {};
  const found = Object.hasOwn(members, member) ? members[member] : undefined;
  return typeof found === "string" ? { text: found } : found;
}

/** A service's own text comes before the one for all services. */
function findInterface(service: string, name: string): InterfaceText | undefined {
  const texts = [...textsOf(service), ...textsOf("*")];
  const owner = texts.find(({ interfaces }) => Object.hasOwn(interfaces, name));
  return owner?.interfaces[name];
}

function textsOf(service: string): readonly ServiceText[] {
  return (byService.get(service) ?? []).map(({ text }) => text);
}
