/** What checks values, all of it from one copy: how many errors it finds is a setting of that copy. */
export { Check, Compile, Errors } from "typebox/schema";
export { Settings } from "typebox/system";
