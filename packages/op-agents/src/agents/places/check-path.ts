import { Buffer } from "node:buffer";
import { isAbsolute } from "node:path";
import { invisible } from "../text/quote.ts";
import { refusedPlace } from "./place-failure.ts";

/** Refuses what no file of a Linux machine is called. */
export function checkPath(path: string): void {
  if (path.includes("\0")) throw refusedPlace(path, "it has a NUL character");
  if (!path.isWellFormed()) throw refusedPlace(path, "it has half a character");
  if (!isAbsolute(path)) {
    throw refusedPlace(
      path,
      "it is no absolute path",
      "Begin it with a slash; ~ stands for nothing here.",
    );
  }
  if (Buffer.byteLength(path) > 4095) throw refusedPlace(path, "it is longer than paths may be");
}

/** Refuses a name for something new that people could not see as it is. */
export function checkNewName(path: string, name: string): void {
  if (name.search(invisible) !== -1) {
    throw refusedPlace(path, "its name has characters that control something or can't be seen");
  }
  if (/[\u2044\u2215\u29F8\uFF0F]/u.test(name)) {
    throw refusedPlace(path, "its name has a character that passes for a slash");
  }
  if (Buffer.byteLength(name) > 255)
    throw refusedPlace(path, "its name is longer than names may be");
}
