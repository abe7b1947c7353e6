import { StateChangeError } from "../../state-error.ts";
import { runProgram, type ProgramResult } from "../program/run-program.ts";
import { parseSimulation, type Simulation } from "./simulation.ts";

/** A package that is there. */
export interface InstalledPackage {
  readonly version: string;
  readonly isHeld: boolean;
  /** Whether it only came with others. */
  readonly isAuto: boolean;
  /** Whether only its configuration is left. */
  readonly isResidue: boolean;
}

/** Packages by name; those of another architecture have it behind a colon. */
export type PackageMap = ReadonlyMap<string, InstalledPackage>;

/** What is asked of apt and dpkg. */
export interface Apt {
  installed(signal: AbortSignal): Promise<PackageMap>;
  /** The versions that the sources have, the newest first. */
  available(names: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, string[]>>;
  /** The packages that a package needs, and that are there. */
  dependencies(name: string, signal: AbortSignal): Promise<readonly string[]>;
  /** What a command would do; changes nothing. */
  simulate(words: readonly string[], signal: AbortSignal): Promise<Simulation>;
  /** Does it; not interrupted, because packages that are half there are worse. Rejects with `ERR_STATE_CHANGE`. */
  run(resource: string, words: readonly string[]): Promise<void>;
  mark(resource: string, mark: "hold" | "unhold" | "auto" | "manual", name: string): Promise<void>;
  /** Finishes what an earlier attempt left half done. */
  repair(resource: string): Promise<void>;
}

/** What is asked of apt-get every time: older versions only where one is declared, and configuration stays as it is. */
const options = [
  "--option=Dpkg::Options::=--force-confdef",
  "--option=Dpkg::Options::=--force-confold",
  "--option=APT::Get::Show-User-Simulation-Note=false",
];

/** Where apt works. */
export interface AptOptions {
  readonly root: string;
  readonly lockTimeoutSeconds: number;
}

/** Speaks with apt and dpkg. */
export function createApt({ root, lockTimeoutSeconds }: AptOptions): Apt {
  let native: string | undefined;
  const look = async (words: readonly [string, ...string[]], signal: AbortSignal) => {
    const result = await runProgram(words, { root, signal });
    if (result.isOk) return result.stdout;
    throw new StateChangeError(words[0], complaintOf(result));
  };
  const change = async (resource: string, words: readonly [string, ...string[]]) => {
    const result = await runProgram(words, { root });
    if (!result.isOk) throw new StateChangeError(resource, complaintOf(result), { advice });
  };
  return {
    installed: async (signal) => {
      native ??= (await look(["dpkg", "--print-architecture"], signal)).trim();
      const format = "${Package}\\t${Architecture}\\t${Version}\\t${db:Status-Abbrev}\\n";
      const lines = (await look(["dpkg-query", "--show", `--showformat=${format}`], signal)).split(
        "\n",
      );
      const automatic = (await look(["apt-mark", "showauto"], signal)).split("\n");
      return toPackages(lines, native, new Set(automatic));
    },
    available: async (names, signal) => {
      if (names.length === 0) return new Map();
      const lines = (await look(["apt-cache", "madison", ...names], signal)).split("\n");
      const rows = lines.map((line) => line.split("|").map((cell) => cell.trim()));
      const versions = Map.groupBy(rows, ([name = ""]) => name);
      return new Map(
        [...versions].map(([name, list]) => [name, list.flatMap(([, version]) => version ?? [])]),
      );
    },
    dependencies: async (name, signal) => {
      const kinds = ["suggests", "conflicts", "breaks", "replaces", "enhances"];
      const flags = ["--recurse", "--installed", ...kinds.map((kind) => `--no-${kind}`)];
      const { stdout } = await runProgram(["apt-cache", "depends", ...flags, name], {
        root,
        signal,
      });
      return stdout.split("\n").filter((line) => /^[a-z0-9]/u.test(line));
    },
    simulate: async (words, signal) =>
      parseSimulation(
        await runProgram(["apt-get", "--simulate", ...options, ...words], { root, signal }),
      ),
    run: (resource, words) => {
      const timeout = `--option=DPkg::Lock::Timeout=${lockTimeoutSeconds}`;
      return change(resource, ["apt-get", "--yes", "--quiet", timeout, ...options, ...words]);
    },
    mark: (resource, mark, name) => change(resource, ["apt-mark", mark, name]),
    repair: async (resource) => {
      const { stdout } = await runProgram(["dpkg", "--audit"], { root });
      if (stdout.trim() === "") return;
      await change(resource, ["dpkg", "--force-confdef", "--force-confold", "--configure", "-a"]);
    },
  };
}

const advice = "Look at /var/log/apt/term.log for all that was said.";

function toPackages(
  lines: readonly string[],
  native: string,
  automatic: ReadonlySet<string>,
): PackageMap {
  return new Map(
    lines.flatMap((line) => {
      const [name = "", architecture = "", version = "", status = ""] = line.split("\t");
      // What was removed with its configuration has left no version.
      if (version === "" || status[1] === "n") return [];
      const key = [native, "all"].includes(architecture) ? name : `${name}:${architecture}`;
      const [isHeld, isResidue] = [status[0] === "h", status[1] === "c"];
      return [[key, { version, isHeld, isResidue, isAuto: automatic.has(key) }] as const];
    }),
  );
}

/** What went wrong: lines that say so, or else the last ones. */
function complaintOf({ stdout, stderr }: ProgramResult): string {
  const lines = `${stdout}\n${stderr}`.split("\n").map((line) => line.trim());
  const said = lines.filter((line) => line !== "");
  const errors = said.filter((line) => /^(?:E:|dpkg: error|dpkg-query:)/u.test(line));
  return (errors.length > 0 ? errors : said.slice(-5)).join(" ").slice(0, 1000);
}
