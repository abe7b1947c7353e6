import { createMemoryApprovals } from "../../src/policy/approval-store.ts";
import { describeApprovalStore } from "./approval-store-contract.ts";

describeApprovalStore("memory", () => ({
  store: createMemoryApprovals(),
  [Symbol.dispose]: () => undefined,
}));
