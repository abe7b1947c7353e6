const lines = (text: string) =>
  text
    .trim()
    .split("\n")
    .map((line) =>
      line
        .trim()
        .split("  ")
        .flatMap((part) => part.split(" ")),
    );

/** Commands with arguments that do harm, a line each, words separated by a space; each must be refused. */
const plain = lines(String.raw`
sh -c id
/bin/sh -c id
bash -c id
python3 -c print(1)
perl -e 1
env ls
LD_PRELOAD=./x.so ls
PATH=. ls
IFS=x ls
BASH_ENV=./x ls
env LD_PRELOAD=./x.so ls
grep TOP .netrc
grep -h TOP .netrc notes.txt
grep -r TOP .ssh
cat .netrc
head -n 1 .netrc
sort .netrc
wc .netrc
du .ssh
cat .SSH/id
date -d TZ="/etc/passwd"
date -d TZ=/etc/passwd
xargs ls
find / -delete
awk BEGIN{}
sed -n e
tar --to-command=id
git -c core.pager=id log
ssh -o ProxyCommand=id x
vim -c :!id
less notes.txt
nice ls
timeout 1 ls
sudo ls
su root
rm -rf /
dd if=/dev/zero
cp notes.txt x
mv notes.txt x
tee x
touch x
chmod 777 notes.txt
ln -s / x
curl http://localhost
wget http://localhost
nc -l 1
mount /dev/sda
kill -9 1
./notes.txt
../work/notes.txt
/usr/bin/ls
/usr/bin/../bin/sh
LS
ls;id
ls&&id
__proto__
constructor
toString
sort -o out.txt notes.txt
sort -oout.txt notes.txt
sort notes.txt -o out.txt
sort -nro out.txt notes.txt
sort -nroout.txt notes.txt
sort --output=out.txt notes.txt
sort --output out.txt notes.txt
sort --outp=out.txt notes.txt
sort --o=out.txt notes.txt
sort --compress-program=/bin/sh notes.txt
sort --compress-program /bin/sh notes.txt
sort --comp=/bin/sh notes.txt
sort -S 1k --comp=/bin/sh notes.txt
sort --files0-from=names0
sort --files0=names0
sort -T /tmp notes.txt
sort -S 1G notes.txt
sort --parallel=64 notes.txt
sort --random-source=link.txt -R notes.txt
sort --batch-size=9999 notes.txt
sort --debug notes.txt
sort -z notes.txt
sort -k 1,2o notes.txt
sort -t ab notes.txt
sort
sort -
wc --files0-from=names0
wc --files0-from names0
wc --files0=names0
wc --files=names0
wc
wc -
du --files0-from=names0
du --files0=names0
du -X names0
du --exclude-from=names0
du -L .
du -D link
du --dereference .
du -0 .
du /
du /proc
du {outside}
date -s 010100002030
date --set=x
date --se=x
date --s=x
date 010100002030
date -f notes.txt
date --file=link.txt
date -r link.txt
date -fnotes.txt
date -uf notes.txt
date --reference=link.txt
date -us tomorrow
date +%F extra
hostname evil
hostname -b evil
hostname -F names0
hostname --file=names0
hostname -f
hostname -i
hostname -I
hostname -A
hostname -d
hostname -y
hostname -sF names0
tail -f notes.txt
tail -F notes.txt
tail --follow notes.txt
tail --follow=name notes.txt
tail --fol notes.txt
tail --retry notes.txt
tail --pid=1 notes.txt
tail -s 1 notes.txt
tail -n5f notes.txt
tail -qf notes.txt
tail -5f notes.txt
tail -n 99999999999 notes.txt
tail -c 1T notes.txt
tail zero
tail pipe
head -c 2G notes.txt
head -c 99999999 notes.txt
head -n -x notes.txt
head --bytes=2G notes.txt
head --byt=5 notes.txt
head zero
head /dev/zero
head -z notes.txt
cat
cat -
cat /etc/passwd
cat /etc/shadow
cat /dev/zero
cat /dev/stdin
cat /dev/fd/0
cat /proc/self/environ
cat /proc/1/environ
cat /proc/self/mem
cat /proc/self/root/etc/passwd
cat /sys/kernel/notes
cat zero
cat pipe
cat link.txt
cat link/secret.txt
cat ./link/secret.txt
cat self/environ
cat self/root/etc/passwd
cat {outside}/secret.txt
cat {work}/../workshop/secret.txt
cat ../workshop/secret.txt
cat logs/../../workshop/secret.txt
cat {work}shop/secret.txt
cat //etc/passwd
cat /./etc/passwd
cat .ssh/id
cat {work}/.ssh/id
cat logs
cat loop
cat missing.txt
cat ~/.bashrc
cat notes.txt link.txt
cat -- link.txt
cat -n link.txt
cat %2e%2e/workshop/secret.txt
cat --help=x
cat -Z notes.txt
grep -f link.txt notes.txt
grep --file=link.txt notes.txt
grep --fil=link.txt notes.txt
grep -nf link.txt notes.txt
grep TOP link.txt
grep -r TOP link
grep -r TOP {outside}
grep -R TOP .
grep -rR TOP .
grep --dereference-recursive TOP .
grep --deref TOP .
grep -r TOP /
grep -r TOP /proc
grep -D read x pipe
grep --devices=read x pipe
grep -d read x .
grep -P (a+)+$ notes.txt
grep --perl-regexp a notes.txt
grep --exclude-from=link.txt a notes.txt
grep -E ((a{1,100}){1,100}){1,100} notes.txt
grep -E a{99999} notes.txt
grep -e a{9999} notes.txt
grep x
grep
grep x -
grep -e TOP link.txt
grep TOP -- link.txt
grep -m 99999999999 a notes.txt
top -d 1
top -c
top -bcn1
top -n 99
top -u root
top -bn0
top -s
top --help
ps e
ps eww
ps axeww
ps auxe
ps -o environ
ps -eo pid,environ
ps -E
ps --sort=;id
ps -o pid;id
free -s 1
free -c 5
free -hs1
free --seconds=1
free --count=5
free extra
df --sync
df --no-sync
df --output=x;y
df /proc
df {outside}
df /etc
ls -L link
ls -LR .
ls --dereference link
ls --hyperlink
ls --color=always
ls -N
ls --literal
ls --show-control-chars
ls link
ls link/
ls /
ls /root
ls /etc
ls ..
ls ../workshop
ls {work}/..
ls {outside}
ls .ssh
ls self/fd
ls /proc/self/fd
ls -I x
ls --block-size=1
uptime extra
uptime --container
whoami extra
whoami --version
pwd extra
pwd ..
echo -e x
echo -E x
echo -ne x
echo --help
echo a;id
echo a|id
echo a&id
echo $HOME
echo $(id)
echo >out.txt
echo <notes.txt
cat notes.txt;id
cat notes.txt|id
cat $(id)
ls .;id
`);
const tick = "`id`";

/** Every case: what is asked for, and where. */
export const escapeCorpus: readonly { readonly argv: readonly string[]; readonly cwd?: string }[] =
  [
    ...plain.map((argv) => ({ argv })),
    { argv: ["echo", tick] },
    { argv: ["cat", "notes.txt\0.png"] },
    { argv: ["cat\0", "notes.txt"] },
    { argv: ["echo", "a\nb"] },
    { argv: ["echo", "a\r\nid"] },
    { argv: ["echo", "\u001B[2J"] },
    { argv: ["echo", "\u009B2J"] },
    { argv: ["echo", "\u202Etxt.exe"] },
    { argv: ["echo", "a\u200Bb"] },
    { argv: ["echo", "\uFEFF"] },
    { argv: ["echo", "\u2028"] },
    { argv: ["echo", "\uD800"] },
    { argv: ["cat", "\u2060notes.txt"] },
    { argv: ["cat", "․․/workshop/secret.txt"] },
    { argv: ["cat", "..／workshop／secret.txt"] },
    { argv: ["cat", "..∕workshop∕secret.txt"] },
    { argv: ["sort", "–o", "out.txt", "notes.txt"] },
    { argv: ["sort", "−o", "out.txt", "notes.txt"] },
    { argv: ["ѕort", "notes.txt"] },
    { argv: ["cat", ""] },
    { argv: ["cat", " "] },
    { argv: ["", "notes.txt"] },
    { argv: [" ls"] },
    { argv: ["ls "] },
    { argv: ["ls -l"] },
    { argv: ["grep", "a\nb", "notes.txt"] },
    { argv: ["grep", "-e", "a\0b", "notes.txt"] },
    { argv: ["echo", "x".repeat(257)] },
    { argv: ["echo", ...Array.from({ length: 20 }, () => "x".repeat(100))] },
    { argv: ["ls"], cwd: "/" },
    { argv: ["ls"], cwd: "/etc" },
    { argv: ["ls"], cwd: "/proc/self" },
    { argv: ["ls"], cwd: "{outside}" },
    { argv: ["ls"], cwd: "{work}/.." },
    { argv: ["ls"], cwd: "{work}/link" },
    { argv: ["ls"], cwd: "{work}/self" },
    { argv: ["ls"], cwd: "{work}/notes.txt" },
    { argv: ["ls"], cwd: "{work}/missing" },
    { argv: ["ls"], cwd: "{work}\0" },
    { argv: ["ls"], cwd: "" },
    { argv: ["ls"], cwd: "work" },
    { argv: ["cat", "passwd"], cwd: "/etc" },
    { argv: ["cat", "../../workshop/secret.txt"], cwd: "{work}/logs" },
  ];
