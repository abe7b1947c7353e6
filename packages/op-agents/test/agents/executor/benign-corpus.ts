const lines = (text: string) =>
  text
    .trim()
    .split("\n")
    .map((line) => line.trim().split(" "));

/** What people ordinarily ask for; nothing of it may be refused, and all of it succeeds. */
export const benignCorpus: readonly (readonly string[])[] = [
  ...lines(String.raw`
ls
ls -l
ls -la
ls -lah .
ls -lhS
ls -ltr logs
ls -1
ls -R logs
ls -d .
ls -ld logs
ls -i notes.txt
ls --all
ls --sort=size -l
ls --group-directories-first
ls --full-time notes.txt
ls --time-style=long-iso -l
ls {work}
ls {work}/logs/
ls logs/..
ls inner.txt
ls -- notes.txt
ls notes.txt numbers.csv
cat notes.txt
cat -n notes.txt
cat -A notes.txt
cat --number notes.txt
cat notes.txt numbers.csv
cat {work}/notes.txt
cat ./notes.txt
cat logs/../notes.txt
cat inner.txt
cat grüße.txt
cat -- notes.txt
head notes.txt
head -n 2 notes.txt
head -n2 notes.txt
head -2 notes.txt
head -c 5 notes.txt
head --lines=2 notes.txt
head --lines 2 notes.txt
head -n -1 notes.txt
head -q notes.txt numbers.csv
tail notes.txt
tail -n 2 notes.txt
tail -n +2 notes.txt
tail -1 notes.txt
tail -c 5 notes.txt
tail --bytes=5 notes.txt
tail -v logs/app.log
grep ERROR logs/app.log
grep -i error logs/app.log
grep -n INFO logs/app.log
grep -c INFO logs/app.log
grep -v INFO logs/app.log
grep -rn ERROR .
grep -r ERROR
grep -rl ERROR logs
grep -E start|end logs/app.log
grep -E ^(INFO|ERROR) logs/app.log
grep -e start -e end logs/app.log
grep -A 1 -B 1 ERROR logs/app.log
grep -C1 ERROR logs/app.log
grep -m 1 INFO logs/app.log
grep -w broke logs/app.log
grep -o t.*e notes.txt
grep -F three notes.txt
grep -x one notes.txt
grep [0-9]$ notes.txt
grep o\{1,2\} notes.txt
grep -E o{1,2} notes.txt
grep --include=*.log -r ERROR .
grep --exclude-dir=.ssh -r ERROR .
grep -- two notes.txt
wc notes.txt
wc -l notes.txt
wc -lw notes.txt numbers.csv
wc --lines notes.txt
wc -L notes.txt
sort notes.txt
sort -r notes.txt
sort -nr numbers.csv
sort -u notes.txt
sort -t, -k2,2n numbers.csv
sort -t , -k 2n numbers.csv
sort --reverse --unique notes.txt
sort --key=1 notes.txt
sort -f notes.txt
du -sh .
du -sh logs
du -h --max-depth=1 logs
du -d 1 logs
du -a logs
df
df -h
df -h /
df -hT
df -i
df .
free
free -h
free -m
free --mega
free -ht
uptime
uptime -p
uptime -s
whoami
pwd
hostname
hostname -s
date
date -u
date -I
date -Iseconds
date -R
date +%F
date +%Y-%m-%dT%H:%M:%S
date --rfc-3339=seconds
date -d @0
date -d yesterday
date --date=2026-01-01
echo hello
echo hello world
echo -n hello
echo a (b) [c] {d} 100% #1 'x' "y" *? ~
echo -- -x
echo
ps
ps aux
ps -e
ps -ef
ps -A
ps aux --sort=-%mem
ps -eo pid,ppid,comm
ps -o pid,rss,args --sort=-rss
ps -p 1
ps -p 1,2 -o comm
top
top -b
top -bn1
top -b -n 1
top -bn1 -o %MEM
`),
  ["cat", "with space (1).txt"],
  ["echo", "2026-11-21 10:00, all is well!"],
  ["date", "+%A, %d %B %Y"],
  ["date", "-d", "2 days ago"],
  ["grep", "it broke", "logs/app.log"],
  ["grep", "-E", "(start|end)$", "logs/app.log"],
  ["grep", "<none>", "-c", "-v", "notes.txt"],
  ["echo", "grüße aus 東京 🙂"],
];
