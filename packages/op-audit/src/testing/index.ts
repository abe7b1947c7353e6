/** What tests of sinks need. */
export { auditSinkContract, type ContractCase, type SinkHarness } from "./audit-sink-contract.ts";
