/**
 * C0 and C1 controls, line and paragraph separators, and the marks that turn the direction of writing: what could
 * forge a line, move the cursor or show one thing and mean another.
 */
const dangerous = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;
const dangerousInBlock = /(?![\n\t])[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

/** Shows control characters as escapes, so that foreign text fills one line and drives no terminal. */
export function escapeControls(text: string): string {
  return text.replace(dangerous, escape);
}

/** The same for text of several lines: line feeds and tabs stay. */
export function escapeControlsInBlock(text: string): string {
  return text.replaceAll("\r\n", "\n").replace(dangerousInBlock, escape);
}

/** Escapes, inside a JSON text, the characters that JSON itself lets through. The text stays the same JSON. */
export function escapeControlsInJson(json: string): string {
  return json.replace(dangerousInBlock, toUnicodeEscape);
}

function escape(character: string): string {
  if (character === "\n") return String.raw`\n`;
  if (character === "\r") return String.raw`\r`;
  if (character === "\t") return String.raw`\t`;
  return toUnicodeEscape(character);
}

function toUnicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
