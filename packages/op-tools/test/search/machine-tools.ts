/**
 * What a Linux machine offers on its buses and through agents: `# source category`, then one tool a line as
 * `name | risk | tags | argument: what it is; … | description`.
 */
export const machineTools = `
# systemd services
systemd_restart_unit | write | service, init | name: unit name such as nginx.service; mode: how to treat queued jobs | Restarts a unit, starting it if it is not running.
systemd_start_unit | write | service, init | name: unit name; mode: replace, fail or isolate | Starts a unit and what it depends on.
systemd_stop_unit | write | service, init | name: unit name; mode: how to treat queued jobs | Stops a running unit.
systemd_reload_unit | write | service, init | name: unit name; mode: how to treat queued jobs | Asks a unit to read its configuration again without stopping.
systemd_enable_units | write | service, boot | files: unit files; runtime: only until the next boot | Enables unit files, so that they start at boot.
systemd_disable_units | write | service, boot | files: unit files; runtime: only until the next boot | Disables unit files, so that they no longer start at boot.
systemd_mask_units | privileged | service | files: unit files | Makes units impossible to start, even by hand.
systemd_unmask_units | privileged | service | files: unit files | Takes back the masking of units.
systemd_list_units | read | service | states: load or active states to keep; patterns: name globs | Lists loaded units with their load, active and sub state.
systemd_list_unit_files | read | service, boot | states: enablement states to keep; patterns: name globs | Lists installed unit files and whether each is enabled.
systemd_get_unit_status | read | service | name: unit name; lines: how many log lines to add | Shows state, main process, exit code and reason of failure of a unit, with its last log lines.
systemd_list_failed_units | read | service, failure |  | Lists the units in failed state, with their result and exit code.
systemd_reset_failed | write | service | name: unit name | Clears the failed state and the start counter of a unit.
systemd_list_jobs | read | service |  | Lists queued and running jobs of the manager.
systemd_cancel_job | write | service | id: job number | Cancels a queued job.
systemd_list_timers | read | service, schedule |  | Lists timer units with their last and next elapse.
systemd_get_unit_dependencies | read | service | name: unit name; reverse: the units that need it instead | Shows the tree of units which a unit requires and wants.
systemd_daemon_reload | privileged | init |  | Makes the manager read all unit files again.
systemd_cat_unit_file | read | service | name: unit name | Prints the unit file and its drop-ins.
systemd_set_unit_property | privileged | service, cgroup | name: unit name; property: for example MemoryMax; value: new value | Changes a resource control property of a unit at run time.
systemd_analyze_blame | read | boot, performance |  | Lists units by the time they took to initialise at boot.
systemd_run_transient | privileged | service | command: what to execute; unit: name of the transient unit | Runs a command in a transient service unit.
systemd_kill_unit | destructive | service, signal | name: unit name; signal: signal number; who: main, control or all | Sends a signal to the processes of a unit.
# journal logs
journal_query | read | journal, syslog | unit: only from this unit; since: earliest time; priority: least urgent level; lines: at most so many | Reads entries of the system journal.
journal_follow | read | journal | unit: only from this unit; seconds: how long to watch | Watches the journal and returns new entries as they arrive.
journal_list_boots | read | journal, boot |  | Lists the boots of which the journal has entries.
journal_disk_usage | read | journal |  | Tells how much space archived and active journal files take.
journal_vacuum | destructive | journal, cleanup | size: keep at most this; days: keep at most so old | Removes old archived journal files.
journal_kernel_messages | read | kernel, dmesg | since: earliest time | Reads messages of the kernel ring buffer.
coredump_list | read | crash | executable: only of this program | Lists saved core dumps of crashed programs.
coredump_info | read | crash | pid: process that crashed | Shows signal, time and stack trace of a core dump.
# logind sessions
logind_list_sessions | read | login, session |  | Lists who is logged in: session, user, seat and terminal.
logind_list_users | read | login |  | Lists the users that have at least one session.
logind_lock_session | write | screen, session | session: session id | Locks the screen of a session.
logind_unlock_session | privileged | screen, session | session: session id | Unlocks the screen of a session.
logind_terminate_session | destructive | session | session: session id | Ends a session and kills its processes.
logind_terminate_user | destructive | session | uid: numeric user id | Ends all sessions of a user.
logind_power_off | destructive | power | interactive: ask for authentication | Powers the machine off.
logind_reboot | destructive | power | interactive: ask for authentication | Reboots the machine.
logind_suspend | write | power, sleep | interactive: ask for authentication | Suspends the machine to memory.
logind_hibernate | write | power, sleep | interactive: ask for authentication | Hibernates the machine to disk.
logind_schedule_shutdown | destructive | power | type: poweroff, reboot or halt; usec: when | Schedules a shutdown at a time.
logind_cancel_shutdown | write | power |  | Cancels a scheduled shutdown.
logind_list_inhibitors | read | power, sleep |  | Lists programs that block or delay sleep and shutdown.
logind_inhibit | write | power, sleep | what: what to block; why: a reason | Takes a lock that prevents sleep or shutdown.
logind_set_user_linger | privileged | session | uid: numeric user id; enable: on or off | Lets services of a user run without being logged in.
# hostnamed system
hostnamed_get_hostname | read | host |  | Gets the static, transient and pretty hostname.
hostnamed_set_hostname | privileged | host | hostname: new static hostname | Sets the static hostname.
hostnamed_set_pretty_hostname | write | host | hostname: free-form name | Sets the hostname that is shown to people.
hostnamed_set_chassis | write | host | chassis: laptop, server, … | Sets the type of chassis.
hostnamed_describe | read | host, hardware |  | Describes hardware vendor, model, firmware version, kernel and operating system.
# timedated time
timedated_get_status | read | clock |  | Shows local time, time zone, RTC and whether NTP is synchronised.
timedated_set_timezone | privileged | clock | timezone: for example Europe/Berlin | Sets the system time zone.
timedated_set_time | privileged | clock | usec: microseconds; relative: add to the current time | Sets the system clock.
timedated_set_ntp | privileged | clock, ntp | enable: on or off | Turns network time synchronisation on or off.
timedated_list_timezones | read | clock |  | Lists the known time zones.
timesyncd_get_server | read | clock, ntp |  | Shows the NTP server in use, its offset and jitter.
# localed system
localed_get_locale | read | language |  | Shows the system language and keyboard settings.
localed_set_locale | privileged | language | locale: for example LANG=de_DE.UTF-8 | Sets the system language.
localed_set_keyboard | privileged | keyboard | layout: console keymap; convert: also for X11 | Sets the keyboard layout of console and X11.
# resolved network
resolved_resolve_hostname | read | dns | name: host to look up; family: IPv4 or IPv6 | Resolves a host name to its addresses.
resolved_resolve_address | read | dns, reverse | address: IP address | Finds the host name of an address.
resolved_resolve_record | read | dns | name: domain; type: MX, TXT, … | Looks up a DNS resource record.
resolved_flush_caches | write | dns, cache |  | Empties the cache of the resolver.
resolved_set_link_dns | privileged | dns | interface: link; servers: addresses | Sets the DNS servers of a link.
resolved_get_status | read | dns |  | Shows the DNS servers and search domains of each link.
resolved_statistics | read | dns, cache |  | Shows cache hits, misses and DNSSEC verdicts.
# networkmanager network
nm_get_status | read | connectivity |  | Shows overall network state, connectivity and radio switches.
nm_set_wireless_enabled | write | wifi, radio | enabled: true or false | Enables or disables the wireless radio.
nm_list_access_points | read | wifi | device: interface; rescan: scan first | Lists visible access points with SSID, signal strength and security.
nm_connect_wifi | write | wifi | ssid: network name; password: pre-shared key | Joins a wireless network.
nm_list_devices | read | interface |  | Lists network devices with type, state and active connection.
nm_list_connections | read | profile |  | Lists saved connection profiles.
nm_activate_connection | write | profile | connection: profile name or UUID; device: interface | Brings a connection profile up.
nm_deactivate_connection | write | profile | connection: profile name or UUID | Takes an active connection down.
nm_delete_connection | destructive | profile | connection: profile name or UUID | Deletes a saved connection profile.
nm_add_connection | write | profile | type: ethernet, wifi, vpn, …; settings: keys and values | Creates a connection profile.
nm_modify_connection | write | profile | connection: profile; settings: keys and values | Changes settings of a connection profile, such as a static address or gateway.
nm_get_ip_config | read | address | device: interface | Shows IP addresses, routes, gateway and name servers of a device.
nm_connect_vpn | write | vpn | connection: VPN profile | Starts a VPN connection.
nm_disconnect_vpn | write | vpn | connection: VPN profile | Ends a VPN connection.
nm_create_hotspot | write | wifi, tethering | ssid: name; password: key | Shares the connection as a wireless hotspot.
nm_set_networking_enabled | privileged | connectivity | enabled: true or false | Turns all networking on or off.
nm_check_connectivity | read | internet |  | Checks whether the internet is reachable or a captive portal is in the way.
nm_set_wwan_enabled | write | mobile, radio | enabled: true or false | Enables or disables mobile broadband.
# udisks storage
udisks_list_drives | read | disk, hardware |  | Lists drives with vendor, model, serial, size and whether they can be ejected.
udisks_list_block_devices | read | disk, partition |  | Lists block devices with filesystem type, label, UUID and size.
udisks_mount | write | filesystem | device: block device; options: mount options | Mounts a filesystem.
udisks_unmount | write | filesystem | device: block device; force: also when busy | Unmounts a filesystem.
udisks_eject | write | removable, usb | drive: drive to eject | Ejects removable media from a drive.
udisks_power_off_drive | write | removable, usb | drive: drive | Powers a drive off so that it can be unplugged safely.
udisks_format | destructive | filesystem, partition | device: block device; type: ext4, vfat, …; label: volume label | Formats a device with a new filesystem, erasing what it holds.
udisks_create_partition | destructive | partition | device: disk; offset: start; size: bytes | Creates a partition.
udisks_delete_partition | destructive | partition | device: partition | Deletes a partition.
udisks_smart_status | read | smart, health | drive: drive | Reads SMART health attributes and self-test results of a drive.
udisks_smart_selftest | write | smart, health | drive: drive; type: short or extended | Starts a SMART self-test.
udisks_unlock_luks | privileged | encryption, luks | device: encrypted device; passphrase: secret | Unlocks an encrypted device.
udisks_lock_luks | write | encryption, luks | device: encrypted device | Locks an encrypted device.
udisks_loop_setup | write | image, iso | path: image file; read_only: do not write | Attaches a disk image as loop device.
udisks_check_filesystem | read | filesystem, fsck | device: block device | Checks a filesystem for errors.
udisks_resize_filesystem | destructive | filesystem | device: block device; size: bytes | Grows or shrinks a filesystem.
udisks_set_label | write | filesystem | device: block device; label: new label | Changes the label of a filesystem.
# upower power
upower_get_battery | read | battery, laptop |  | Shows charge percentage, state, health and time to empty or full of the batteries.
upower_list_devices | read | battery |  | Lists power devices: batteries, mice, keyboards, UPS.
upower_on_battery | read | battery, ac |  | Tells whether the machine runs on battery or mains.
upower_get_history | read | battery | device: power device; hours: how far back | Shows the history of charge and rate.
upower_lid_state | read | laptop, lid |  | Tells whether the lid is closed.
power_profiles_get | read | performance |  | Shows the active power profile and the available ones.
power_profiles_set | write | performance | profile: power-saver, balanced or performance | Switches the power profile.
keyboard_backlight_set | write | laptop, brightness | level: brightness | Sets the brightness of the keyboard backlight.
display_brightness_set | write | screen, brightness | percent: 0 to 100 | Sets the brightness of the display.
# bluez bluetooth
bluez_list_devices | read | bluetooth |  | Lists known Bluetooth devices, and whether they are paired and connected.
bluez_start_discovery | write | bluetooth, scan | seconds: how long | Scans for nearby Bluetooth devices.
bluez_pair | write | bluetooth | address: MAC address | Pairs with a Bluetooth device.
bluez_connect | write | bluetooth | address: MAC address | Connects to a paired device.
bluez_disconnect | write | bluetooth | address: MAC address | Disconnects a device.
bluez_remove_device | destructive | bluetooth | address: MAC address | Forgets a paired device.
bluez_set_powered | write | bluetooth, radio | powered: true or false | Turns the Bluetooth adapter on or off.
bluez_set_discoverable | write | bluetooth | discoverable: true or false; timeout: seconds | Makes the adapter visible to others.
bluez_device_battery | read | bluetooth, battery | address: MAC address | Reads the battery level of a connected device.
# packagekit packages
packagekit_search | read | software | query: words; in: name, details or file | Searches packages in the repositories.
packagekit_install | privileged | software | packages: names | Installs packages.
packagekit_remove | destructive | software | packages: names; autoremove: also what is no longer needed | Removes packages.
packagekit_list_updates | read | software, security |  | Lists packages that have updates, marking security ones.
packagekit_update | privileged | software | packages: names, or all | Updates packages.
packagekit_refresh | write | software, cache | force: also when fresh | Refreshes the package lists of the repositories.
packagekit_get_details | read | software | package: name | Shows version, size, licence and description of a package.
packagekit_list_installed | read | software | filter: words | Lists installed packages.
packagekit_which_package | read | software | path: file | Finds the package which owns a file.
packagekit_list_files | read | software | package: name | Lists the files of a package.
packagekit_list_repositories | read | software |  | Lists package repositories and whether they are enabled.
packagekit_set_repository_enabled | privileged | software | repository: id; enabled: true or false | Enables or disables a repository.
packagekit_history | read | software | limit: entries | Shows what was installed, updated and removed, and when.
# avahi network
avahi_browse_services | read | mdns, zeroconf | type: for example _ipp._tcp | Discovers services on the local network by mDNS.
avahi_resolve_host | read | mdns | name: host ending in .local | Resolves a .local name.
avahi_publish_service | write | mdns | name: service; type: kind; port: number | Announces a service on the local network.
# firewalld firewall
firewalld_list_rules | read | security | zone: zone | Lists open ports, services and rich rules of a zone.
firewalld_add_port | privileged | security | port: number; protocol: tcp or udp; zone: zone; permanent: keep | Opens a port in the firewall.
firewalld_remove_port | privileged | security | port: number; protocol: tcp or udp; zone: zone | Closes a port in the firewall.
firewalld_block_address | privileged | security | address: source; zone: zone | Drops all traffic from an address.
firewalld_reload | privileged | security |  | Applies the permanent firewall configuration.
firewalld_panic_mode | privileged | security | enabled: true or false | Blocks all traffic at once.
# accounts users
accounts_list_users | read | user |  | Lists user accounts of the machine.
accounts_create_user | privileged | user | name: login; full_name: real name; admin: administrator | Creates a user account.
accounts_delete_user | destructive | user | uid: numeric id; remove_files: also the home directory | Deletes a user account.
accounts_set_password | privileged | user, password | uid: numeric id; password: new secret | Changes the password of a user.
accounts_set_locked | privileged | user | uid: numeric id; locked: true or false | Locks or unlocks a user account against login.
accounts_set_administrator | privileged | user, sudo | uid: numeric id; admin: true or false | Grants or takes administrator rights.
accounts_list_groups | read | group | user: only groups of this user | Lists groups and their members.
accounts_add_to_group | privileged | group | user: login; group: group | Adds a user to a group.
accounts_login_history | read | login, security | user: only of this user | Shows past logins, with origin and time, and failed attempts.
# polkit security
polkit_check_authorization | read | permission | action: action id; subject: process | Checks whether a subject may perform an action.
polkit_list_actions | read | permission |  | Lists registered actions.
# cups printing
cups_list_printers | read | printer |  | Lists printers with state and default.
cups_print_file | write | printer | printer: name; path: document; copies: number | Prints a document.
cups_list_jobs | read | printer, queue | printer: name | Lists print jobs.
cups_cancel_job | destructive | printer, queue | job: id | Cancels a print job.
cups_set_default | write | printer | printer: name | Sets the default printer.
cups_resume_printer | write | printer | printer: name | Resumes a paused printer.
# pipewire audio
audio_set_volume | write | sound, speaker | percent: loudness; sink: output | Sets the loudness of an output.
audio_mute | write | sound | muted: true or false; target: sink or source | Mutes or unmutes an output or a microphone.
audio_list_outputs | read | sound |  | Lists audio outputs and inputs, marking the defaults.
audio_set_default_output | write | sound, speaker | sink: output | Chooses the output that plays sound.
# notifications desktop
notify_send | write | notification | summary: title; body: text; urgency: low, normal or critical | Shows a desktop notification.
clipboard_get | read | clipboard |  | Reads the text of the clipboard.
clipboard_set | write | clipboard | text: new content | Puts text on the clipboard.
screenshot_take | read | screen, image | area: full or window | Takes a picture of the screen.
media_play_pause | write | mpris, player | player: name | Plays or pauses the media player.
media_next_track | write | mpris, player | player: name | Skips to the next track.
open_uri | write | browser | uri: address | Opens an address or document with its default application.
# machined containers
machined_list | read | nspawn, vm |  | Lists running virtual machines and containers registered with systemd-machined.
machined_terminate | destructive | nspawn, vm | machine: name | Terminates a machine.
docker_list_containers | read | docker | all: also stopped ones | Lists containers with image, state and ports.
docker_start_container | write | docker | container: name or id | Starts a container.
docker_stop_container | write | docker | container: name or id; timeout: seconds | Stops a container.
docker_restart_container | write | docker | container: name or id | Restarts a container.
docker_remove_container | destructive | docker | container: name or id; force: also when running | Removes a container.
docker_container_logs | read | docker, logs | container: name or id; tail: lines | Reads what a container wrote to stdout and stderr.
docker_exec | privileged | docker | container: name or id; command: what to execute | Runs a command in a container.
docker_list_images | read | docker |  | Lists local images with tag and size.
docker_pull_image | write | docker, registry | image: reference | Pulls an image from a registry.
docker_prune | destructive | docker, cleanup | volumes: also volumes | Removes unused containers, images and networks.
docker_container_stats | read | docker, metrics | container: name or id | Shows CPU, memory and network use of containers.
`;
