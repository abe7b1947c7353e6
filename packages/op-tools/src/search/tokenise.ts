const camelHump = /(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z]{2})(?=[A-Z][a-z])/gu;
const word = /[\p{L}\p{N}]+/gu;
const accent = /\p{M}/gu;

/**
 * Splits text and identifiers into lower-case words: `RestartUnit`, `restart_unit`, `restart-unit` and `unit.restart`
 * all contain `restart` and `unit`. Accents are dropped, so that people may leave them out.
 */
export function tokenise(text: string): readonly string[] {
  const humps = text.replaceAll("'s ", " ").replace(camelHump, " ");
  return humps.normalize("NFKD").replace(accent, "").toLowerCase().match(word) ?? [];
}
