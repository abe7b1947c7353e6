import type { JsonObject, JsonValue } from "op-core";

/** Something that must not be done. */
export interface FileCase {
  readonly operation: string;
  readonly input: JsonValue;
}

const lines = (text: string) =>
  text
    .trim()
    .split("\n")
    .map((line) => line.trim());

/** Places that lead out, whatever is asked for there. */
const outsidePlaces: readonly string[] = [
  ...lines(String.raw`
/
/etc/passwd
/etc/shadow
/etc
/root
/root/.bashrc
/usr/bin/env
/var
/proc/self/environ
/proc/1/environ
/proc/self/mem
/proc/self/maps
/proc/self/root/etc/passwd
/proc/self/cwd/etc/passwd
/proc/self/fd/0
/proc/self/fd
/proc/thread-self/environ
/proc/sys/kernel/hostname
/sys/kernel/notes
/dev/zero
/dev/stdin
/dev/fd/0
/dev/null
{outside}
{outside}/secret.txt
{outside}/
{root}
{root}/
{work}/..
{work}/../
{work}/../workshop/secret.txt
{work}/../../../../../../etc/passwd
{work}/logs/../../workshop/secret.txt
{work}/./../workshop/secret.txt
{work}//..//workshop//secret.txt
{work}shop/secret.txt
{work}shop
{work}/link
{work}/link/
{work}/link/secret.txt
{work}/link/../secret.txt/../workshop/secret.txt
{work}/link.txt
{work}/up.txt
{work}/self
{work}/self/environ
{work}/self/root/etc/passwd
{work}/self/cwd/etc/passwd
{work}/self/fd/0
{work}/self/exe
{work}/zero
{work}/passwd
{work}/loop
{work}/loop/x
{work}/dangling-out
{work}/inner-logs/../link.txt
{work}/logs/../link/secret.txt
{work}/inner-logs/../../workshop/secret.txt
{work}/.ssh/id
{work}/.ssh
{work}/.SSH/id
{work}/src/../.ssh/id
{work}/id_rsa
{work}/./id_rsa
//etc/passwd
/./etc/passwd
/../etc/passwd
/etc/../etc/passwd
file:///etc/passwd
~/.bashrc
~root/.bashrc
$HOME/.bashrc
etc/passwd
./notes.txt
../workshop/secret.txt
..
.
%2e%2e/workshop/secret.txt
{work}/%2e%2e/workshop/secret.txt
{work}/..%2fworkshop%2fsecret.txt
{work}/..;/workshop/secret.txt
{work}/...//workshop/secret.txt
{work}/..\workshop\secret.txt
\\etc\passwd
C:\Windows\win.ini
{work}/notes.txt/..%00/x
{work}/notes.txt/x
{work}/logs/missing/x
{work}/*/secret.txt
{work}/{link,logs}/secret.txt
{shown}/../workshop/secret.txt
{shown}/to-work/../../workshop/secret.txt
`),
  "",
  " ",
  "-",
  "\0",
  "{work}/notes.txt\0",
  "{work}/notes.txt\0.png",
  "{work}\0/../workshop/secret.txt",
  "{work}/\uD800",
  "{work}/．．/workshop/secret.txt",
  "{work}/․․/workshop/secret.txt",
  "{work}/..／workshop／secret.txt",
  "{work}/..∕workshop∕secret.txt",
  "{work}/\u202E..\u202C/workshop/secret.txt",
  "{work}/\u2060../workshop/secret.txt",
  " /etc/passwd",
  "\n/etc/passwd",
  "/etc/passwd\n",
  `{work}/${"../".repeat(60)}etc/passwd`,
  `{work}/${"x/".repeat(2100)}x`,
  `{work}/${"y".repeat(300)}`,
];

const at = (operation: string, input: JsonObject): FileCase => ({ operation, input });

/** What only refuses for one kind of operation. */
const special: readonly FileCase[] = [
  at("read_file", { path: "{work}/pipe" }),
  at("read_file", { path: "{work}" }),
  at("read_file", { path: "{work}/nothing" }),
  at("read_file", { path: "{work}/notes.txt", encoding: "utf-7" }),
  at("read_file", { path: "{work}/notes.txt", offset: -1 }),
  at("read_file", { path: "{work}/notes.txt", offset: 1.5 }),
  at("read_file", { path: "{work}/notes.txt", offset: 1e300 }),
  at("read_file", { path: "{work}/notes.txt", offset: 0, fromLine: 1 }),
  at("read_file", { path: "{work}/notes.txt", follow: true }),
  at("read_file", { path: ["{work}/notes.txt"] }),
  at("read_file", { path: { toString: "{work}/notes.txt" } }),
  at("read_file", { PATH: "{work}/notes.txt" }),
  at("read_file", {}),
  { operation: "read_file", input: null },
  { operation: "read_file", input: "{work}/notes.txt" },
  { operation: "read_file", input: ["{work}/notes.txt"] },
  at("read_file", JSON.parse('{"__proto__": {"path": "/etc/passwd"}}')),
  at("tail_file", { path: "{work}/pipe", followMs: 1000 }),
  at("tail_file", { path: "{work}/notes.txt", followMs: 9_999_999 }),
  at("checksum_file", { path: "{work}/pipe" }),
  at("checksum_file", { path: "{work}/notes.txt", algorithm: "rot13" }),
  at("list_folder", { path: "{work}/notes.txt" }),
  at("list_folder", { path: "{work}", depth: 1000 }),
  at("search_files", { path: "{work}", text: "(", isPattern: true }),
  at("search_files", { path: "{work}", text: "x".repeat(2000) }),
  at("search_files", { path: "{work}", text: "a", limit: 1e9 }),
  at("write_file", { path: "{work}", content: "x" }),
  at("write_file", { path: "{work}/logs", content: "x" }),
  at("write_file", { path: "{work}/pipe", content: "x" }),
  at("write_file", { path: "{work}/pipe", content: "x", how: "in-place" }),
  at("write_file", { path: "{shown}/read-only.txt", content: "x" }),
  at("write_file", { path: "{shown}/new.txt", content: "x" }),
  at("write_file", { path: "{shown}/a/b/c.txt", content: "x", folders: true }),
  at("write_file", { path: "{outside}/a/b/c.txt", content: "x", folders: true }),
  at("write_file", { path: "{work}/link/new/c.txt", content: "x", folders: true }),
  at("write_file", { path: "{work}/../new/c.txt", content: "x", folders: true }),
  at("write_file", { path: "{work}/notes.txt/x", content: "x", folders: true }),
  at("write_file", { path: "{work}/foreign.txt", content: "x" }),
  at("write_file", { path: "{work}/setuid", content: "x" }),
  at("write_file", { path: "{work}/setuid", content: "x", how: "in-place" }),
  at("write_file", { path: "{work}/twin", content: "x", how: "in-place" }),
  at("write_file", { path: "{work}/twin", content: "x", how: "append" }),
  at("write_file", { path: "{work}/notes.txt", content: "x", how: "create" }),
  at("write_file", { path: "{work}/nothing.txt", content: "x", how: "in-place" }),
  at("write_file", { path: "{work}/notes.txt", content: "x", ifSha256: "0".repeat(64) }),
  at("write_file", { path: "{work}/nothing.txt", content: "x", ifSha256: "0".repeat(64) }),
  at("write_file", { path: "{work}/notes.txt", content: 1 }),
  at("write_file", { path: "{work}/notes.txt" }),
  at("write_file", { path: "{work}/a\nb.txt", content: "x" }),
  at("write_file", { path: "{work}/a\u001B[2J.txt", content: "x" }),
  at("write_file", { path: "{work}/\u202Etxt.exe", content: "x" }),
  at("write_file", { path: "{work}/in\u200Bvisible", content: "x" }),
  at("write_file", { path: "{work}/.git-credentials", content: "x" }),
  at("write_file", { path: "{work}/.ssh/authorized_keys", content: "x" }),
  at("write_file", { path: "{work}/new/.ssh/authorized_keys", content: "x", folders: true }),
  at("write_file", { path: "{work}/notes.txt", content: "\uD800" }),
  at("write_file", { path: "{work}/notes.txt", content: "zz", encoding: "hex" }),
  at("write_file", { path: "{work}/notes.txt", content: "x".repeat(4_194_305) }),
  ...[
    ".git",
    ".git/hooks/pre-commit",
    ".git/config",
    "src/.git/config",
    ".GIT/config",
    ".bashrc",
    ".profile",
    ".zshenv",
  ].map((name) => at("write_file", { path: `{work}/${name}`, content: "x", folders: true })),
  at("write_file", { path: "{work}/.config/autostart/x.desktop", content: "x", folders: true }),
  at("write_file", { path: "{work}/.config/systemd/user/x.service", content: "x", folders: true }),
  at("move_file", { path: "{work}/notes.txt", to: "{work}/.bashrc" }),
  at("move_file", { path: "{work}/src", to: "{work}/.git" }),
  at("move_file", { path: "{outside}/secret.txt", to: "{work}/mine.txt" }),
  at("move_file", { path: "{work}/notes.txt", to: "{outside}/notes.txt" }),
  at("move_file", { path: "{work}/notes.txt", to: "{shown}/notes.txt" }),
  at("move_file", { path: "{shown}/read-only.txt", to: "{work}/mine.txt" }),
  at("move_file", { path: "{work}/notes.txt", to: "{work}/link/notes.txt" }),
  at("move_file", { path: "{work}/link/secret.txt", to: "{work}/mine.txt" }),
  at("move_file", { path: "{work}/notes.txt", to: "{work}/../notes.txt" }),
  at("move_file", { path: "{work}/notes.txt", to: "{work}/logs/app.log" }),
  at("move_file", { path: "{work}/src", to: "{work}/src/deep" }),
  at("move_file", { path: "{work}/src", to: "{work}/src" }),
  at("move_file", { path: "{work}", to: "{work}/logs" }),
  at("move_file", { path: "{work}/logs", to: "{work}/src/main.ts/x" }),
  at("move_file", { path: "{work}/notes.txt", to: "{work}/.ssh/notes.txt" }),
  at("move_file", { path: "{work}/.ssh", to: "{work}/open" }),
  at("move_file", { path: "{work}/.ssh/id", to: "{work}/open" }),
  at("move_file", { path: "{work}/notes.txt", to: "{work}/a\u202Eb" }),
  at("move_file", { path: "{work}/nothing", to: "{work}/x" }),
  at("move_file", { path: "{work}/notes.txt", to: "/dev/shm/notes.txt" }),
  at("move_file", { path: "{work}/notes.txt", to: "" }),
  at("delete_file", { path: "{work}" }),
  at("delete_file", { path: "{work}/" }),
  at("delete_file", { path: "{work}/." }),
  at("delete_file", { path: "{shown}" }),
  at("delete_file", { path: "{shown}/read-only.txt" }),
  at("delete_file", { path: "{shown}/to-work" }),
  at("delete_file", { path: "{work}/nothing" }),
];

/** Through `stat_file`, `move_file` and `delete_file` a link itself may be seen, moved and deleted. */
const linksThemselves =
  /^\{work\}\/(?:link|link\/|inner-logs\/\.\.\/link\.txt|link\.txt|up\.txt|self|zero|passwd|loop|dangling-out)$/u;

const isAbout = (operation: string, path: string) =>
  !linksThemselves.test(path) || !["stat_file", "move_file", "delete_file"].includes(operation);

/** Names that may be made, although nothing is there. */
const harmlessNew = /^\{work\}\/(?:[^/]*%2f[^/]*|\.\.\\[^/]*)$/u;

const everywhere: readonly FileCase[] = outsidePlaces.flatMap((path) =>
  [
    at("read_file", { path }),
    at("list_folder", { path }),
    at("search_files", { path, text: "TOP" }),
    at("write_file", { path, content: "x" }),
    at("delete_file", { path }),
  ].filter(
    ({ operation }) =>
      isAbout(operation, path) && !(operation === "write_file" && harmlessNew.test(path)),
  ),
);

/** Every case; each must be refused or fail, say why, and change nothing. */
export const fileEscapeCorpus: readonly FileCase[] = [...everywhere, ...special];
