import type { JsonObject } from "op-core";
import type { ConnectTransport, EraChoice, FetchPort } from "op-protocol/client";
import type { Risk, ToolAnnotations } from "op-tools";

/** How a server is reached. */
export type UpstreamTransport =
  | {
      readonly kind: "stdio";
      /** The program and its arguments; no shell reads them. */
      readonly argv: readonly [string, ...string[]];
      /** `/` unless told. */
      readonly cwd?: string;
      /** The whole environment: nothing is inherited. */
      readonly env?: Readonly<Record<string, string>>;
      /** In the words of the spawn port; none unless told. */
      readonly sandbox?: object;
      readonly limits?: object;
      /** Takes secrets out of what it writes on stderr, before an error repeats it. */
      readonly cleanWords?: (line: string) => string;
    }
  | {
      readonly kind: "http" | "sse" | "websocket";
      readonly url: string;
      /** Sent with every request, and read anew each time where it is a function. */
      readonly headers?:
        | Readonly<Record<string, string>>
        | (() => Readonly<Record<string, string>>);
      /** Put around every request, for authentication; not used by WebSocket. */
      readonly fetch?: FetchPort;
      /** The same for each user, where each has a connection of its own; lists are read for nobody. */
      readonly fetchFor?: (user: string | undefined) => FetchPort;
    }
  /** Anything else, such as a server in the same process. */
  | { readonly kind: "custom"; readonly connect: ConnectTransport };

/** What is changed of the tools that match. */
export interface ToolRule {
  /** The upstream's own names; `*` stands for anything. */
  readonly match: string;
  /** Neither listed nor callable. */
  readonly hide?: boolean;
  /** Another name; only where the pattern matches one tool. */
  readonly rename?: string;
  readonly description?: string;
  /** Arguments that are always these, and that nobody sees. */
  readonly pin?: JsonObject;
  readonly risk?: Risk;
  readonly annotations?: ToolAnnotations;
  /** Whether a call that was cut off is made once more; as the tool's hints say unless told. */
  readonly repeat?: boolean;
}

/** One server, and what is made of it. */
export interface UpstreamConfig {
  /** Letters, digits, underscores and hyphens; unique. */
  readonly name: string;
  readonly transport: UpstreamTransport;
  readonly era?: EraChoice;
  /** Put before the names of tools and prompts, with an underscore between. */
  readonly prefix?: string;
  /** Whether URIs stay as they are, for a server that is the only one with resources; mapped unless told. */
  readonly keepUris?: boolean;
  /** Stays connected, and is connected again when it was lost. */
  readonly warm?: boolean;
  /** How long a connection without use is kept; five minutes unless told. */
  readonly idleMs?: number;
  /** Whether each client session has a connection of its own, for servers that remember or ask, or each user; shared unless told. */
  readonly connections?: "shared" | "per-session" | "per-user";
  readonly connectTimeoutMs?: number;
  /** How long a request may go without a sign of life; a minute unless told. */
  readonly requestTimeoutMs?: number;
  /** 10 MB unless told. */
  readonly maxMessageBytes?: number;
  /** How many requests it gets at a time; 32 unless told. */
  readonly maxConcurrent?: number;
  /** How many requests may wait for their turn; 256 unless told. */
  readonly maxQueued?: number;
  /** No limit unless told. */
  readonly callsPerSecond?: number;
  /** How many log messages reach clients by each connection, and five times as many at once; 200 unless told. */
  readonly logMessagesPerSecond?: number;
  /** Whether its own hints make a tool's risk; they do unless told. */
  readonly trustAnnotations?: boolean;
  /** Whether answers are kept as long as the server says they may be; they are unless told. */
  readonly keepResults?: boolean;
  /** What happens to a tool whose definition is another one than it was; `quarantine` unless told. */
  readonly changed?: "quarantine" | "accept";
  /** The first rule that says something of a tool's aspect decides it. */
  readonly tools?: readonly ToolRule[];
  readonly category?: string;
}
