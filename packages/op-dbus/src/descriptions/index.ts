/** What services, interfaces and members are for, in plain words: `op-dbus/descriptions`. */
export type { CuratedText } from "./curated-text.ts";
export { describeInterface, describeMember, describeService } from "./describe.ts";
export { cleanForeignText, textOfAnnotations } from "./foreign-text.ts";
