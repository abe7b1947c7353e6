/** Declared state as tools, resources and a prompt, for op-tools. */
export {
  createStateSource,
  type StateSource,
  type StateSourceOptions,
} from "./create-state-source.ts";
