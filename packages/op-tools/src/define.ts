/** Makes tools whose arguments and answers are described by zod schemas. */
export {
  defineTool,
  type DataToolDefinition,
  type ToolDefinition,
  type ToolDefinitionHead,
} from "./tool/define-tool.ts";
