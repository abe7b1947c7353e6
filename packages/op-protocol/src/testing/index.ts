/** For tests of what speaks MCP. */
export {
  createScriptedTransport,
  type Reaction,
  type Script,
  type ScriptedTransport,
} from "./scripted-transport.ts";
