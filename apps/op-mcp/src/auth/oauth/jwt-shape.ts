import { asObject, type ForeignObject } from "./fetch-json.ts";

/** What a token says before anybody has checked it: enough to know whom to ask, and not a bit more. */
export interface JwtShape {
  readonly header: ForeignObject;
  readonly issuer: string | undefined;
}

/** Reads a token as a JWT; nothing when it is none, so that only its issuer can know what it is. */
export function readJwtShape(token: string): JwtShape | undefined {
  const parts = token.split(".");
  if (parts.length !== 3) return undefined;
  const header = decode(parts[0] ?? "");
  const payload = decode(parts[1] ?? "");
  if (header?.["alg"] === undefined || payload === undefined) return undefined;
  const issuer = payload["iss"];
  return { header, issuer: typeof issuer === "string" ? issuer : undefined };
}

function decode(part: string): ForeignObject | undefined {
  try {
    return asObject(JSON.parse(Buffer.from(part, "base64url").toString("utf8")));
  } catch {
    return undefined;
  }
}
