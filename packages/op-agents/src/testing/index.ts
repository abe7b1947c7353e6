/** For tests of places where programs run; needs vitest. */
export { describeExecutionBackend, type OpenBackend } from "./execution-backend-contract.ts";
