/** A sign that a text wants to be more than data. */
interface Sign {
  readonly name: string;
  readonly pattern: RegExp;
}

/** Joiners and variation selectors are part of emoji and of many scripts, so only what has no honest use counts. */
const signs: readonly Sign[] = [
  { name: "invisible tag characters", pattern: /[\u{E0001}\u{E0020}-\u{E007F}]{3,}/u },
  { name: "invisible characters in a row", pattern: /[\u200B\u2060-\u2064\uFEFF]{4,}/u },
  { name: "text that turns its direction", pattern: /[\u202A-\u202E\u2066-\u2069]/u },
  {
    name: "words that give orders to an assistant",
    pattern:
      /\b(?:ignore|disregard|forget|override)\s+(?:all\s+|any\s+)?(?:of\s+)?(?:the\s+|your\s+|my\s+)?(?:previous|prior|above|earlier|preceding|system)\s+(?:instructions?|prompts?|messages?|rules|directions)\b/i,
  },
  {
    name: "words that speak for the system",
    pattern:
      /<\/?(?:system|assistant|important|instructions?)>|\[(?:system|inst)\]|<\|im_(?:start|end)\|>/i,
  },
  {
    name: "words that want to be kept from the person",
    pattern:
      /\b(?:do\s+not|don't|never)\s+(?:tell|inform|mention\s+(?:this|it)\s+to|reveal\s+(?:this|it)\s+to)\s+(?:the\s+)?(?:user|human|person)\b/i,
  },
];

/** The signs of hidden instructions in a text, in words; none for an ordinary one. */
export function findHiddenInstructions(text: string): readonly string[] {
  return signs.filter(({ pattern }) => pattern.test(text)).map(({ name }) => name);
}
