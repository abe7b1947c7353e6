import { textField } from "../operation/field.ts";

/** The place that most operations are about. */
export const pathField = textField("path", "An absolute path.");
