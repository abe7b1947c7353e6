import { InvalidSignatureError } from "../dbus-error.ts";
import { parseSignature } from "./parse-signature.ts";

/** Whether text is a signature of any number of complete types. */
export function isSignature(text: string): boolean {
  try {
    parseSignature(text);
    return true;
  } catch (error) {
    if (error instanceof InvalidSignatureError) return false;
    throw error;
  }
}
