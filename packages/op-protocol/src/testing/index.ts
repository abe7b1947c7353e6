/** For tests of what speaks MCP. */
export {
  createScriptedTransport,
  type Reaction,
  type Script,
  type ScriptedTransport,
} from "./scripted-transport.ts";
export {
  describeSessionStore,
  type OpenStore,
  type StoreUnderTest,
} from "./session-store-contract.ts";
