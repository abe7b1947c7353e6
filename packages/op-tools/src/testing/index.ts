/** For tests of what offers tools, and of what stands around their calls; needs vitest. */
export { createTestContext } from "./test-context.ts";
export { describeToolSource } from "./tool-source-contract.ts";
