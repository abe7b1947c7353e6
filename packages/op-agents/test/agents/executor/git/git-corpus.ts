const lines = (text: string) =>
  text
    .trim()
    .split("\n")
    .map((line) => line.trim().split(" "));

/** What git may not be asked, through `git_operation` or `git_change`. */
export const refusedGit: readonly (readonly string[])[] = [
  ...lines(String.raw`
-c core.pager=id log
-C / log
--exec-path=/tmp log
--git-dir=/tmp log
--work-tree=/ status
--paginate log
-p log
config core.fsmonitor id
config --list
push
push origin main
fetch
pull
clone /etc
clone ext::sh
ls-remote ext::sh
remote add x ext::sh
remote update
submodule update --init
submodule foreach id
filter-branch --tree-filter id
bisect run id
rebase --exec id
rebase -x id
difftool
mergetool
daemon
upload-pack .
receive-pack .
archive --remote=ext::sh HEAD
archive -o /tmp/x HEAD
archive --format=tar --output=/tmp/x HEAD
send-email
instaweb
gui
gitk
help -w log
help --web log
web--browse x
credential fill
credential-cache
fast-import
fast-export
hook run pre-commit
maintenance run
gc
prune
repack
worktree add ../x
apply x.patch
am x.patch
cherry-pick HEAD
revert HEAD
merge x
stash
clean -fdx
checkout .
checkout -- tracked.txt
notes add
update-ref HEAD x
symbolic-ref HEAD x
hash-object -w /etc/passwd
cat-file --textconv HEAD:tracked.txt
cat-file --filters HEAD:tracked.txt
interpret-trailers
shell
sh-setup
!id
log;id
status --output=/tmp/x
log --output=/tmp/x
log --format --output=/tmp/x
log --since --output=/tmp/x
log -p --ext-diff
log --ext-diff
log -p --textconv
log --show-signature
log --format=%G?
log --format=%GG
log --pretty=format:%GS
log --format=-x
log --author=-x
log -n -1
log --stdin
log --no-index
log -O/etc/passwd
diff --no-index /etc/passwd /etc/shadow
diff /etc/passwd /etc/shadow
diff -- /etc/passwd /etc/shadow
diff ../../../etc/passwd ../../../etc/shadow
diff -- ../outside tracked.txt
diff --output=x
diff --ext-diff
diff --ext
diff --textconv
diff --submodule=diff
diff --ignore-submodules=none
diff -O/etc/passwd
diff -O /etc/passwd
diff --src-prefix=x
diff --ws-error-highlight=all
show --textconv
show --ext-diff
show --output=x
show HEAD:.ssh/id
show HEAD:id_rsa
blame --contents /etc/passwd tracked.txt
blame --contents=/etc/passwd tracked.txt
blame --ignore-revs-file=/etc/passwd tracked.txt
blame -S /etc/passwd tracked.txt
blame ../../etc/passwd
grep -O id x
grep -Oid x
grep --open-files-in-pager=id x
grep --no-index x
grep --no-index x /etc
grep -f /etc/passwd
grep --untracked x
grep --recurse-submodules x
grep --textconv x
grep x -- /etc
grep -P x
ls-files -X /etc/passwd
ls-files --exclude-from=/etc/passwd
ls-files --exclude-per-directory=x
ls-files --recurse-submodules
branch -D main
branch -d main
branch -m other
branch --edit-description
branch -f main HEAD~1
branch --set-upstream-to=x
tag -s v1
tag -u key v1
tag -F /etc/passwd v1
tag -d v1
tag -v v1
describe --broken
rev-parse --parseopt
rev-parse --sq-quote x
rev-parse --git-path config
rev-list --stdin
rev-list --use-bitmap-index HEAD
shortlog --format=%G? HEAD
add -p
add -i
add -e
add --edit
add --patch
add --pathspec-from-file=/etc/passwd
add -f .
add --chmod=+x tracked.txt
add /etc/passwd
add ../outside
add .ssh/id
commit -F /etc/passwd
commit --file=/etc/passwd
commit -t /etc/passwd
commit --template=/etc/passwd
commit -S -m x
commit --gpg-sign=key -m x
commit -p -m x
commit --interactive
commit --trailer=x -m x
commit --author=x -m x
commit -C HEAD
commit --pathspec-from-file=/etc/passwd -m x
switch -f main
switch --force main
switch --discard-changes main
switch -C main
switch --recurse-submodules main
restore tracked.txt
restore --worktree tracked.txt
restore -W tracked.txt
restore -p
restore --source=HEAD~1 --worktree tracked.txt
reset --hard
reset --hard HEAD~1
reset --merge
reset --keep
reset -p
rm -f tracked.txt
rm --pathspec-from-file=/etc/passwd
mv -f tracked.txt other.txt
mv tracked.txt /etc/x
mv tracked.txt .git/hooks/pre-commit
mv tracked.txt .git/config
mv tracked.txt .GIT/config
mv tracked.txt below/../.git/config
mv tracked.txt .bashrc
add .git/config
mv tracked.txt ../x
init --template=/tmp
init --separate-git-dir=/tmp/x
init --shared=everybody
init --bare
init /tmp/x
`),
  [],
  [""],
  ["log", ""],
  ["log", "\0"],
  ["log", "HEAD\0"],
  ["log", "--author=\u202Ex"],
  ["status", "\u001B[2J"],
  ["commit", "-m", "a\u0000b"],
  ["commit", "-m", "\u001B]0;x\u0007"],
  ["log", "x".repeat(5000)],
  ["ſtatus"],
  ["status "],
  [" status"],
];

/** What people ordinarily ask git, in this order, in a repository with two commits and a change. */
export const benignGit: readonly (readonly string[])[] = [
  ...lines(String.raw`
status
status -s
status -sb
status --porcelain
status --porcelain=v2 --branch
status -- tracked.txt
diff
diff HEAD
diff --stat
diff --cached
diff --name-only HEAD~1
diff HEAD~1 HEAD
diff HEAD~1..HEAD -- tracked.txt
diff -U0 -w
diff --word-diff
log
log --oneline
log --oneline -n 1
log -5
log -n1 --stat
log -p -1
log --graph --all --oneline --decorate
log --author=Somebody
log --grep=first
log --since=2000-01-01 --until=tomorrow
log --format=%H%x09%an%x09%s
log --pretty=format:%h --date=iso
log --follow -- tracked.txt
log -Sline -p
log -L1,1:tracked.txt
log main
log HEAD~1..HEAD
show
show HEAD
show HEAD~1 --stat
show HEAD:tracked.txt
show --name-only HEAD
blame tracked.txt
blame -L 1,1 tracked.txt
blame -L1,1 -- tracked.txt
grep line
grep -n line
grep -in LINE -- tracked.txt
grep -e line
branch
branch -a
branch -vv
branch --show-current
tag
remote
remote -v
describe --always
rev-parse HEAD
rev-parse --abbrev-ref HEAD
rev-parse --show-toplevel
rev-list --count HEAD
ls-files
ls-files -m
ls-files --others --exclude-standard
ls-tree HEAD
ls-tree -r --name-only HEAD
shortlog -sn HEAD
reflog
reflog -n 3
merge-base HEAD HEAD~1
add .
add -A
add tracked.txt below/file.txt
restore --staged tracked.txt
add -u
`),
  ["commit", "-m", "a message with spaces; $(id) `id` | > & 'quotes'"],
  ["commit", "--allow-empty", "-m", "subject\n\nbody of\nseveral lines"],
  ["commit", "--amend", "--no-edit", "--allow-empty"],
  ["switch", "-c", "feature/one"],
  ["switch", "main"],
  ["switch", "--detach", "HEAD~1"],
  ["switch", "main"],
  ["mv", "below/file.txt", "below/renamed.txt"],
  ["reset", "-q"],
  ["reset", "--soft", "HEAD~1"],
  ["rm", "--cached", "tracked.txt"],
  ["log", "--author=Grüße"],
];
