import { isIP } from "node:net";
import { malformed } from "../operation/field.ts";
import { quote } from "../text/quote.ts";

/** The name of an interface, checked: it becomes an argument. */
export function interfaceNameOf(text: string | undefined): string | undefined {
  if (text === undefined || /^[A-Za-z0-9_.:@][A-Za-z0-9_.:@-]{0,14}$/u.test(text)) return text;
  throw malformed(`${quote(text)} can't be the name of an interface`, "Names look like eth0.");
}

/** An IP address, checked: it becomes an argument. */
export function addressOf(text: string): string {
  if (isIP(text) !== 0) return text;
  throw malformed(
    `${quote(text)} is no IP address`,
    "Addresses look like 192.0.2.1 or 2001:db8::1.",
  );
}

/** The name of a host, or its address. */
export function hostOf(text: string): string {
  const isName = /^(?=.{1,253}\.?$)(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\.?)+$/u.test(
    text,
  );
  if (isIP(text) !== 0 || isName) return text;
  throw malformed(`${quote(text)} is no name of a host`, "Names look like www.example.org.");
}
