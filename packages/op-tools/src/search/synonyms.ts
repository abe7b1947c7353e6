import { stem } from "./stem.ts";

/**
 * Words and phrases of the field that people use for the same thing, separated by commas, one group a line. A word may
 * be in several groups.
 */
const groups = `
service, unit, daemon
restart, reload
stop, kill, terminate, end, quit
start, launch, begin
enable, activate, turn on, switch on, powered
disable, deactivate, turn off, switch off, powered
list, show, display, view, overview
folder, directory
log, journal, syslog, what happened
ip, address, ip address
delete, remove, erase, wipe, discard, forget, uninstall, get rid
user, account, login
memory, ram
cpu, processor
hostname, host name, computer name, machine name, name computer, name machine, rename computer, rename machine
bluetooth, bluez
battery, power, mains, plugged, ac
reboot, restart machine, restart computer, restart system
shutdown, power off, powers off, shut down, turn off computer, turn off machine, switch off computer
sleep, suspend, hibernate, standby
time, clock, date
timezone, time zone
wifi, wireless, wlan, wi fi, ssid, access point
disk, storage, volume, drive
format, mkfs, erase
package, software, application, app, program, uninstall
program, command, executable, binary
install, set up, setup
update, upgrade, newer version
search, find, look up, lookup, locate
create, add, new, make a, make an, make new
change, modify, edit, adjust, set, alter
rename, move
copy, duplicate, clone
image, picture, photo
screenshot, screen shot, picture screen, capture screen
screen, display, monitor
audio, sound, speaker, loud
loudness, volume, louder, quieter, loud, quiet
microphone, mic, source
print, printer
reachable, reach, ping, alive, respond
internet, online, connectivity
connect, join, connection
port, socket, listen
firewall, iptables, nftables
block, drop, deny, ban
password, passphrase, credential
administrator, admin, sudo, root
session, logged in, log in, sign in
permission, chmod, executable, access right
own, owner, belong
process, task, pid
container, docker
database, db, sql
query, select
backup, back up, dump, snapshot, checkpoint, restore point, save
rollback, undo, revert, restore, roll back, take back
pull request, merge request, pr
issue, ticket, bug
ci, workflow run, pipeline, github action
email, mail
meeting, event, appointment
temperature, hot, heat, thermal, warm
use, usage, utilisation, busy, consumption, eating, eat, consume, hungry
free space, full, disk space, space left, df, disk usage
size, big, large, biggest, largest
slow, performance, latency, duration
speed, fast, bandwidth, throughput
failed, fail, failure, error, crash, crashed, broken, problem, wrong
health, smart, dying, healthy
certificate, ssl, tls, https
gpu, graphics card, video card
module, driver
parameter, sysctl
configuration, config, setting
schedule, cron, timer, crontab, plan
language, locale
keyboard, keymap
brightness, bright, brighter, dim, backlight
laptop, notebook
web page, website, url, site, webpage
knowledge graph, knowledge, remember, entity, fact
weather, rain, forecast, sunny, snow
archive, zip, compress, tar, pack
extract, unzip, unpack, decompress, untar
run, execute
running, active
boot, startup
checksum, hash, sha256, md5
difference, diff, compare, changed
uncommitted, unstaged, working copy, working tree, working directory
put aside, stash, set aside
visible, nearby, around, scan, discover, browse
encrypted, luks, encryption
usb, removable, stick, usb stick, thumb drive, usb drive
unplug, eject, safely remove, remove safely
dns, resolver, name server, nameserver
vpn, tunnel
hotspot, tether
route, gateway
traceroute, trace, hop, path packet
priority, nice
media, music, song, track
notification, notify, popup, alert
prevent, block, inhibit, keep awake
tamper, alter
text, line
author, wrote, written, blame
reason, why, cause, diagnose, status, log
content, read, open
uptime, how long running, been running
operating system, os release, distribution, linux version
installed, exist, available
history, past, previous
connect, pair
silence, mute, unmute
send, post
hide, mask
contain, mention, match
`;

/** A phrase, as the stems of its words, and the concept it stands for. */
export interface Phrase {
  readonly stems: readonly string[];
  readonly concept: string;
}

const conceptsByStem = new Map<string, string[]>();
const phrasesByFirstStem = new Map<string, Phrase[]>();

for (const line of groups.trim().split("\n")) {
  const members = line.split(", ");
  // No word starts with this mark, so a concept never meets one.
  const concept = `~${members[0]}`;
  for (const member of members) addMember(member.split(" ").map(stem), concept);
}

function addMember(stems: readonly string[], concept: string): void {
  const [first = ""] = stems;
  if (stems.length === 1) append(conceptsByStem, first, concept);
  else append(phrasesByFirstStem, first, { stems, concept });
}

function append<T>(map: Map<string, T[]>, key: string, value: T): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else if (!values.includes(value)) values.push(value);
}

/** The concepts a stem stands for, none for most. */
export function conceptsOf(stemmed: string): readonly string[] {
  return conceptsByStem.get(stemmed) ?? [];
}

/** The phrases that stems spell, from left to right, the longest first where several begin. */
export function phrasesIn(stems: readonly string[]): readonly Phrase[] {
  const found: Phrase[] = [];
  for (let index = 0; index < stems.length; index++) {
    const phrase = phraseAt(stems, index);
    if (phrase === undefined) continue;
    found.push(phrase);
    index += phrase.stems.length - 1;
  }
  return found;
}

function phraseAt(stems: readonly string[], index: number): Phrase | undefined {
  let longest: Phrase | undefined;
  for (const phrase of phrasesByFirstStem.get(stems[index] ?? "") ?? []) {
    const isLonger = phrase.stems.length > (longest?.stems.length ?? 1);
    if (isLonger && phrase.stems.every((part, at) => stems[index + at] === part)) longest = phrase;
  }
  return longest;
}
