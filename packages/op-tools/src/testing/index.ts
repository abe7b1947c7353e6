/** For tests of what offers tools; needs vitest. */
export { describeToolSource } from "./tool-source-contract.ts";
