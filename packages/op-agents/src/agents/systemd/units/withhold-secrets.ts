const withheld = "(withheld)";

/** Settings whose values are where services keep passwords: systemd's own bus shows them to its administrators alone. */
const setting =
  /^(\s*(?:Environment|SetCredential|SetCredentialEncrypted|StandardInputText|StandardInputData)\s*=)(.*)$/u;

/** The text of a unit's file, in which names of variables and credentials stay and their values do not. */
export function withholdSecrets(text: string): string {
  let isContinued = false;
  let isSecret = false;
  return text
    .split("\n")
    .map((line) => {
      // A comment in the midst of a setting does not end it.
      if (isContinued && /^\s*[#;]/u.test(line)) return line;
      const found = isContinued ? undefined : setting.exec(line);
      const [, name = "", value = ""] = found ?? [];
      if (!isContinued) isSecret = found !== undefined && found !== null;
      isContinued = line.endsWith("\\");
      if (!isSecret) return line;
      const ending = isContinued ? "\\" : "";
      const shown = found === undefined || found === null ? line : value;
      return `${name}${withholdValues(shown.replace(/\\$/u, ""))}${ending}`;
    })
    .join("\n");
}

/** `A=b "C=d e"` becomes `A=(withheld) C=(withheld)`; what has no name is withheld whole. */
function withholdValues(value: string): string {
  if (value.trim() === "") return value;
  const words = value.match(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\S+/gu) ?? [];
  return words
    .map((word) => {
      const bare = word.replaceAll(/^["']|["']$/gu, "");
      const name = /^[A-Za-z_][\w.-]*(?=[=:])/u.exec(bare)?.[0];
      return name === undefined ? withheld : `${name}${bare.charAt(name.length)}${withheld}`;
    })
    .join(" ");
}
