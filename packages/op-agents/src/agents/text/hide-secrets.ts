const hidden = "***";

/** Names of options and variables whose values are nobody's business. */
const secret =
  /pass(?:word|wd|phrase)?|secret|token|api-?_?key|private-?_?key|credential|auth(?:orization)?$/iu;

/** Words of a command without what looks like a password: behind an option that says so, or in an address. */
export function hideSecrets(words: readonly string[]): readonly string[] {
  return words.map((word, at) => {
    const plain = word.replace(/^(.*?:\/\/[^/\s:@]*):[^/\s@]*@/u, `$1:${hidden}@`);
    const [, name = ""] = /^([\w.-]+)=/u.exec(plain) ?? [];
    if (name !== "" && secret.test(name)) return `${name}=${hidden}`;
    const before = words[at - 1] ?? "";
    const isValue = /^--?[a-z][\w-]*$/iu.test(before) && secret.test(before);
    return isValue && !word.startsWith("-") ? hidden : plain;
  });
}
