/** Taking secrets out of texts by their form: for logs and answers as well as for entries. It loads nothing else. */
export { redactText } from "./redaction/redact.ts";
export { isSecretName } from "./redaction/secret-patterns.ts";
