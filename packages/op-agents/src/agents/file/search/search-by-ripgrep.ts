import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { malformed } from "../../operation/field.ts";
import { secretFiles, secretFolders } from "../../places/forbidden-places.ts";
import type { FoundLine } from "./search-lines.ts";

/** Where ripgrep is, on machines that have it: a folder that only root writes. */
export const ripgrep = "/usr/bin/rg";

/** What is searched, and for what. */
export interface RipgrepQuery {
  readonly text: string;
  readonly isPattern: boolean;
  readonly isCaseIgnored: boolean;
  readonly hasHidden: boolean;
  readonly hasIgnored: boolean;
  readonly glob: string | undefined;
  /** The folder, held open. */
  readonly at: string;
  readonly signal: AbortSignal;
}

/** A line that was found, and where. */
export interface FoundInFile extends FoundLine {
  /** From the folder that is searched. */
  readonly path: string;
}

/** Searches by ripgrep, in the order of paths. Leaving the loop ends it. */
export async function* searchByRipgrep(query: RipgrepQuery): AsyncGenerator<FoundInFile> {
  const child = spawn(ripgrep, argumentsOf(query), {
    // Whatever takes the folder's name meanwhile, this is the folder.
    cwd: query.at,
    env: { PATH: "/usr/bin:/bin", LC_ALL: "C.UTF-8", HOME: "/nonexistent" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const end = () => void child.kill("SIGKILL");
  query.signal.addEventListener("abort", end, { once: true });
  const ended = waitFor(child);
  const complaint = readComplaint(child);
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const found = parseLine(line);
      if (found !== undefined) yield found;
    }
    query.signal.throwIfAborted();
    // 1 stands for nothing found; 2 also for files that can't be read, which say nothing here.
    const code = await ended;
    const why = await complaint;
    if (code === 2 && why !== "") throw malformed(`the pattern is none: ${why}`);
  } finally {
    query.signal.removeEventListener("abort", end);
    end();
    await ended;
  }
}

function argumentsOf(query: RipgrepQuery): readonly string[] {
  const { text, isPattern, isCaseIgnored, hasHidden, hasIgnored, glob } = query;
  const secrets = [".git", ...secretFolders, ...secretFiles];
  return [
    ..."--no-config --no-messages --color=never --no-heading --with-filename --line-number --null".split(
      " ",
    ),
    ..."--sort=path --threads=1 --max-columns=4096 --max-columns-preview".split(" "),
    // Of all that ripgrep knows to ignore, only what every git does.
    ..."--no-ignore-global --no-ignore-dot --no-ignore-exclude --no-require-git".split(" "),
    ...(hasHidden ? ["--hidden"] : []),
    ...(hasIgnored ? ["--no-ignore"] : []),
    ...(isPattern ? [] : ["--fixed-strings"]),
    ...(isCaseIgnored ? ["--ignore-case"] : ["--case-sensitive"]),
    ...secrets.map((name) => `--iglob=!${name}`),
    // Unlike a glob, a type does not bring back what is ignored.
    ...(glob === undefined || glob.includes("/")
      ? []
      : [`--type-add=wanted:${glob}`, "--type=wanted"]),
    `--regexp=${text}`,
    "--",
    ".",
  ];
}

const mostShown = 400;

/** `./path`, NUL, number, colon, text; anything else is a remark about a binary file. */
function parseLine(line: string): FoundInFile | undefined {
  const [, path, number, text] = /^\.\/([^\0]+)\0(\d+):(.*)$/u.exec(line) ?? [];
  if (path === undefined || number === undefined || text === undefined) return undefined;
  return { path, line: Number(number), text: text.slice(0, mostShown) };
}

async function waitFor(child: ChildProcess): Promise<number | null> {
  return await new Promise((resolve) => {
    child.once("error", () => resolve(null));
    child.once("close", (code) => resolve(code));
  });
}

/** The first line of what it says about the pattern. */
async function readComplaint({ stderr }: ChildProcess): Promise<string> {
  let text = "";
  for await (const chunk of stderr ?? []) text += text.length < 4096 ? String(chunk) : "";
  return text.trim().split("\n").at(-1)?.slice(0, 200) ?? "";
}
