/** A repository that tries to run something, and what somebody asks git about it. */
export interface HostileRepository {
  readonly name: string;
  /** Settings of the repository; `{payload}` is a program that leaves a mark. */
  readonly config?: Readonly<Record<string, string>>;
  /** Files of the repository and of its git folder. */
  readonly files?: Readonly<Record<string, string>>;
  /** Commands of git that make the change show, before the asking; run by a git of our own. */
  readonly before?: readonly (readonly string[])[];
  readonly argv: readonly string[];
  /** Where in the repository it is asked. */
  readonly folder?: string;
  /** Whether an ordinary git runs the program; some need a terminal, or another version. */
  readonly isAlive?: false;
  /** How git ends without the program. Default: 0. */
  readonly exitCode?: number;
}

const status = ["status"];
const commit = ["commit", "--allow-empty", "-m", "x"];
const hook = (name: string, argv: readonly string[]): HostileRepository => ({
  name: `the hook ${name}, by ${argv[0]}`,
  files: { [`.git/hooks/${name}`]: "{script}" },
  argv,
});
const attributes = { ".gitattributes": "*.txt filter=evil diff=evil merge=evil\n" };
const changed = { ...attributes, "tracked.txt": "changed and longer\n" };

/** Every way that we know by which a repository makes an ordinary git run a program. */
export const hostileRepositories: readonly HostileRepository[] = [
  ...[status, ["diff"], ["add", "."], ["ls-files", "-m"], commit].map((argv) => ({
    name: `core.fsmonitor, by ${argv[0]}`,
    config: { "core.fsmonitor": "{payload}" },
    argv,
  })),
  {
    name: "core.fsmonitor in a folder below",
    config: { "core.fsmonitor": "{payload}" },
    argv: status,
    folder: "below",
  },
  {
    name: "core.hooksPath",
    config: { "core.hooksPath": "evil-hooks" },
    files: { "evil-hooks/pre-commit": "{script}" },
    argv: commit,
  },
  ...["pre-commit", "prepare-commit-msg", "commit-msg", "post-commit", "reference-transaction"].map(
    (name) => hook(name, commit),
  ),
  hook("post-checkout", ["switch", "-c", "other"]),
  hook("post-index-change", ["add", "."]),
  ...[["diff"], ["diff", "HEAD"], ["diff", "--stat", "-p"]].map((argv) => ({
    name: `diff.external, by ${argv.join(" ")}`,
    config: { "diff.external": "{payload}" },
    files: changed,
    argv,
  })),
  {
    name: "diff.evil.command",
    config: { "diff.evil.command": "{payload}" },
    files: changed,
    argv: ["diff"],
  },
  ...[["diff"], ["log", "-p"], ["show"], ["blame", "tracked.txt"]].map((argv) => ({
    name: `diff.evil.textconv, by ${argv.join(" ")}`,
    config: { "diff.evil.textconv": "{payload}" },
    files: changed,
    argv,
  })),
  ...[status, ["diff"], ["add", "tracked.txt"], ["commit", "-a", "-m", "x"]].map((argv) => ({
    name: `filter.evil.clean, by ${argv[0]}`,
    config: { "filter.evil.clean": "{payload}" },
    files: changed,
    argv,
  })),
  {
    name: "filter.evil.clean that is required",
    config: { "filter.evil.clean": "{payload}", "filter.evil.required": "true" },
    files: changed,
    argv: ["diff"],
  },
  {
    name: "filter.evil.process",
    config: { "filter.evil.process": "{payload}" },
    files: changed,
    argv: ["add", "tracked.txt"],
  },
  {
    name: "filter.evil.smudge",
    config: { "filter.evil.smudge": "{payload}" },
    files: attributes,
    before: [
      ["add", "."],
      ["commit", "-q", "-m", "attributes"],
      ["branch", "old", "HEAD~1"],
    ],
    argv: ["switch", "old"],
  },
  {
    name: "attributes in the git folder",
    config: { "filter.evil.clean": "{payload}" },
    files: { ".git/info/attributes": "*.txt filter=evil\n", "tracked.txt": "changed and longer\n" },
    argv: ["diff"],
  },
  {
    name: "core.attributesFile",
    config: { "filter.evil.clean": "{payload}", "core.attributesFile": "{repository}/evil" },
    files: { evil: "*.txt filter=evil\n", "tracked.txt": "changed and longer\n" },
    argv: ["diff"],
  },
  {
    name: "include.path",
    config: { "include.path": "{repository}/evil-config" },
    files: { "evil-config": "[core]\n\tfsmonitor = {payload}\n" },
    argv: status,
  },
  {
    name: "includeIf",
    config: { "includeIf.gitdir:/.path": "{repository}/evil-config" },
    files: { "evil-config": "[core]\n\tfsmonitor = {payload}\n" },
    argv: status,
  },
  {
    name: "config.worktree",
    config: { "extensions.worktreeConfig": "true" },
    files: { ".git/config.worktree": "[core]\n\tfsmonitor = {payload}\n" },
    argv: status,
  },
  {
    name: "core.editor",
    config: { "core.editor": "{payload}" },
    argv: ["commit", "--allow-empty"],
    exitCode: 1,
  },
  {
    name: "gpg.program, by commit.gpgSign",
    config: { "gpg.program": "{payload}", "commit.gpgSign": "true" },
    argv: commit,
  },
  {
    name: "gpg.program, by log.showSignature",
    config: { "gpg.program": "{payload}", "log.showSignature": "true" },
    before: [["-c", "gpg.program={signer}", "commit", "-q", "--allow-empty", "-S", "-m", "signed"]],
    argv: ["log", "-n", "1"],
  },
  {
    name: "gpg.program, by format.pretty",
    config: { "gpg.program": "{payload}", "format.pretty": "%G?" },
    before: [["-c", "gpg.program={signer}", "commit", "-q", "--allow-empty", "-S", "-m", "signed"]],
    argv: ["log", "-n", "1"],
  },
  {
    name: "core.pager",
    config: { "core.pager": "{payload}", "pager.log": "{payload}", "pager.status": "{payload}" },
    argv: ["log"],
    isAlive: false,
  },
  {
    name: "an alias of the name of a command",
    config: { "alias.status": "!{payload}" },
    argv: status,
    isAlive: false,
  },
  {
    name: "core.sshCommand, and what else needs a remote",
    config: {
      "core.sshCommand": "{payload}",
      "core.gitProxy": "{payload}",
      "credential.helper": "!{payload}",
      "remote.origin.url": "ext::{payload}",
      "remote.origin.promisor": "true",
      "remote.origin.partialclonefilter": "blob:none",
      "extensions.partialClone": "origin",
    },
    argv: ["show", "0123456789012345678901234567890123456789"],
    isAlive: false,
    exitCode: 128,
  },
  {
    name: "a submodule with a configuration of its own",
    before: [["submodule-of-ours"]],
    argv: status,
  },
  {
    name: "a submodule that wants to be looked into",
    before: [["submodule-of-ours"]],
    files: { ".gitmodules": '[submodule "sub"]\n\tpath = sub\n\turl = ./sub\n\tignore = none\n' },
    config: {
      "submodule.sub.ignore": "none",
      "diff.ignoreSubmodules": "none",
      "status.submoduleSummary": "true",
    },
    argv: ["diff", "HEAD"],
  },
  {
    name: "a submodule, by add",
    before: [["submodule-of-ours"]],
    argv: ["add", "."],
    // Git can only ask a submodule by a process of its own, which the limit of one forbids.
    exitCode: 128,
  },
  {
    name: "a submodule, by commit",
    before: [["submodule-of-ours"]],
    argv: ["commit", "-a", "-m", "x"],
  },
];
