/** What tests of plugins and stores need. */
export type { ContractCase } from "./contract-case.ts";
export {
  reach,
  reachAndReturn,
  statePluginContract,
  type PluginHarness,
} from "./state-plugin-contract.ts";
export { stateStoreContract } from "./state-store-contract.ts";
