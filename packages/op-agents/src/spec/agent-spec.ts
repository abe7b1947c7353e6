import type { BackoffPolicy, JsonObject } from "op-core";
import type { Limits, SandboxProfile } from "op-process";

/** How much an operation can do to the machine. */
export type OperationRisk = "read" | "write" | "destructive" | "privileged";

/** What a task would do, where the tasks of one operation differ. */
export interface OperationEffect {
  /** Never above the operation's own. */
  readonly risk: OperationRisk;
  /** In a line, for whoever is asked whether it may be done. */
  readonly summary: string;
}

/** Something that agents of a type do. */
export interface OperationSpec {
  readonly name: string;
  /** What it is called as a tool. Default: its own name behind that of the type, unless it begins with it. */
  readonly tool?: string;
  readonly description: string;
  /** JSON Schema of what it takes. */
  readonly inputSchema: JsonObject;
  readonly outputSchema?: JsonObject;
  /** Whether doing it twice is the same as doing it once: only then it is tried again when its agent dies. */
  readonly isIdempotent: boolean;
  /** The greatest that any of its tasks has. */
  readonly risk: OperationRisk;
  /** What this very task would do; decided from its input alone. */
  readonly effectOf?: (input: JsonObject) => OperationEffect;
}

/** What runs as an agent, and speaks the protocol on its stdin and stdout, or over a bus. */
export type AgentProgram =
  /** An agent that somebody else runs: its name on the bus that the pool is given. */
  | { readonly kind: "bus"; readonly name: string }
  /** Any executable, in any language. */
  | { readonly kind: "executable"; readonly argv: readonly [string, ...string[]] }
  /** A file that calls `serveAgent`, run by this machine's Node. */
  | {
      readonly kind: "module";
      readonly file: string;
      readonly args?: readonly string[];
      /** Options of Node, such as those of its permission model. */
      readonly nodeArgs?: readonly string[];
    };

/** When an agent that ended is replaced. */
export interface RestartPolicy {
  readonly when: "never" | "always" | "on-failure";
  /** Failures in a row after which the type is given up until somebody asks for it again. */
  readonly maxRetries: number;
  readonly backoff: BackoffPolicy;
}

/** When starts are refused for a while. */
export interface StartBreaker {
  readonly windowMs: number;
  readonly minimumStarts: number;
  readonly failureRatio: number;
  readonly openMs: number;
}

/** What an agent may use before it is replaced or ended. */
export interface AgentLimits {
  /** From the start to the first word. */
  readonly startMs: number;
  /** How old an agent gets; then it is replaced between tasks. */
  readonly maxRuntimeMs: number;
  /** How many tasks an agent does; then it is replaced between tasks. */
  readonly maxTasks: number;
  /** How many tasks an agent does at one time. */
  readonly concurrency: number;
  /** How long a task may take that says nothing about it. */
  readonly taskMs: number;
  /** How long a cancelled task may take to stop before its agent is killed. */
  readonly cancelGraceMs: number;
  /** How long an agent may take to leave. */
  readonly drainMs: number;
  /** The largest message in either direction. */
  readonly messageBytes: number;
  /** Everything that one task reports before its result. */
  readonly progressBytes: number;
  /** What the kernel and op-process limit. */
  readonly process: Limits;
}

/** What agents of one type are, complete. */
export interface AgentSpec {
  readonly type: string;
  readonly description: string;
  readonly program: AgentProgram;
  readonly operations: readonly OperationSpec[];
  readonly instances: { readonly min: number; readonly max: number };
  /** How long an agent beyond `min` may be idle. */
  readonly idleMs: number;
  readonly limits: AgentLimits;
  readonly restart: RestartPolicy;
  readonly breaker: StartBreaker;
  readonly sandbox: SandboxProfile;
  /** An absolute path. */
  readonly cwd: string;
  /** The whole environment: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** Types with a smaller number start first. */
  readonly priority: number;
}

/** What has to be said of an agent type; the rest has defaults. */
export type AgentSpecOptions = Pick<AgentSpec, "type" | "program" | "operations"> &
  Partial<Omit<AgentSpec, "limits" | "restart" | "breaker">> & {
    readonly limits?: Partial<AgentLimits>;
    readonly restart?: Partial<RestartPolicy>;
    readonly breaker?: Partial<StartBreaker>;
  };
