/** What an agent written in TypeScript or JavaScript is made of. It loads nothing else. */
export { operationFailure, type OperationFailure } from "./operation-failure.ts";
export {
  serveAgent,
  type Operation,
  type OperationContext,
  type ServeOptions,
} from "./serve-agent.ts";
