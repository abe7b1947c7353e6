import type { IssuedApiKey } from "../../auth/keys/api-keys.ts";
import type { CommandContext } from "../command.ts";

/** Prints a key with its token, which is shown nowhere else and never again. */
export function printIssued({ flags, screen }: CommandContext, { key, token }: IssuedApiKey): void {
  const text = token.reveal();
  if (flags.has("json")) {
    screen.json({ ...key, token: text });
    return;
  }
  screen.line(text);
  screen.line(
    screen.paint(
      `This is the only sight of the token of ${screen.text(key.name)} (${key.id}): put it into the client's Authorization header, as Bearer.`,
      "dim",
    ),
  );
  if (key.scopes.length > 0) screen.line(screen.paint(`Scopes: ${key.scopes.join(" ")}`, "dim"));
}
