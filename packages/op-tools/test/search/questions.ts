/** A plain-language question, and the tools that would be right to find. */
export interface Question {
  readonly text: string;
  readonly right: readonly string[];
}

const table = `
why did nginx fail | systemd_get_unit_status, journal_query
turn off wifi | nm_set_wireless_enabled
how full is my disk | monitor_disk_usage
restart the web server service | systemd_restart_unit
which services are broken right now | systemd_list_failed_units
show me the logs of sshd since this morning | journal_query
make postgres start automatically at boot | systemd_enable_units
don't start cups on boot any more | systemd_disable_units
what is eating all my memory | process_list, monitor_memory_usage
kill the process that hangs | process_kill
what's the name of this computer | hostnamed_get_hostname
rename this computer to atlas | hostnamed_set_hostname, hostnamed_set_pretty_hostname
change the time zone to Tokyo | timedated_set_timezone
what time is it in New York | time_now, time_convert
is the clock in sync | timedated_get_status, timesyncd_get_server
connect to the wifi network called Cafe | nm_connect_wifi
what wireless networks are around here | nm_list_access_points
what is my ip address | nm_get_ip_config, network_public_ip
what's my public ip | network_public_ip
am I online | nm_check_connectivity, nm_get_status
mount the usb stick | udisks_mount
safely remove the usb drive | udisks_power_off_drive, udisks_eject, udisks_unmount
is my hard drive dying | udisks_smart_status
format the sd card as ext4 | udisks_format
how much battery is left | upower_get_battery
are we on battery or plugged in | upower_on_battery
pair my bluetooth headphones | bluez_pair
disconnect the bluetooth speaker | bluez_disconnect
switch bluetooth off | bluez_set_powered
install htop | packagekit_install
uninstall libreoffice | packagekit_remove
are there any security updates | packagekit_list_updates
upgrade all packages | packagekit_update
which package does /usr/bin/ls belong to | packagekit_which_package
who is logged in | logind_list_sessions, logind_list_users
lock my screen | logind_lock_session
reboot the machine | logind_reboot
shut down the computer at 10pm | logind_schedule_shutdown
put the laptop to sleep | logind_suspend
what is preventing my laptop from sleeping | logind_list_inhibitors
look up the dns record of example.com | resolved_resolve_record, resolved_resolve_hostname
clear the dns cache | resolved_flush_caches
which dns servers am I using | resolved_get_status, nm_get_ip_config
find printers on the network | avahi_browse_services, cups_list_printers
open port 443 in the firewall | firewalld_add_port
block this ip address from reaching the server | firewalld_block_address
add a new user called bob | accounts_create_user
remove the account of alice | accounts_delete_user
reset bob's password | accounts_set_password
make bob an admin | accounts_set_administrator
print this pdf twice | cups_print_file
cancel my print job | cups_cancel_job
make it louder | audio_set_volume
mute the microphone | audio_mute
which docker containers are running | docker_list_containers
show the output of the redis container | docker_container_logs
clean up unused docker images | docker_prune
run ls -la in a shell | executor_run_command
which program is using port 8080 | process_listening_ports
how hot is the cpu | monitor_temperature
how busy is the processor | monitor_cpu_usage, monitor_load_average, process_list
how long has this machine been running | monitor_load_average, get_system_info
is example.com reachable | network_ping, network_port_check
when does the ssl certificate of our site expire | tls_check_certificate
how fast is my internet | network_speedtest
what graphics card usage do I have | monitor_gpu
what files are in my downloads folder | list_directory, list_directory_with_sizes
read the config file /etc/hosts | read_file
create a folder for the project | create_directory
find all files ending in .log | search_files
which files mention the word password | grep_files
rename report.txt to final.txt | move_file
delete the temp file | delete_file
what are the biggest files on my disk | largest_files
make this script executable | set_file_permissions
unzip the archive | archive_extract
zip the photos folder | archive_create
replace a line in a text file | edit_file
who owns this file and how big is it | get_file_info
undo the last change of the system | state_rollback
what would change if I applied this | state_plan
who called which tool yesterday | audit_query
what did I change in my working copy | git_diff_unstaged, git_status, git_diff
commit my changes | git_commit
show the history of the repository | git_log, github_list_commits
make a new branch called feature | git_create_branch
who wrote this line of code | git_blame
switch to the main branch | git_checkout
open an issue about the crash on github | github_create_issue
list open pull requests | github_list_pull_requests
merge the pull request | github_merge_pull_request
did the CI pass on github | github_get_workflow_runs
comment on issue 42 | github_add_issue_comment
remember that Anna likes tea | add_observations, create_entities
what do you know about Anna in the knowledge graph | search_nodes, open_nodes, read_graph
get the text of a web page | fetch
search the internet for recipes | web_search
run a select on the postgres database | postgres_query
which tables are in the database | postgres_list_tables
why is this sql query slow | postgres_explain, postgres_active_queries
back up the database | postgres_backup
take a screenshot | screenshot_take, browser_screenshot
what meetings do I have tomorrow | calendar_list_events
send an email to my boss | mail_send
post a message in the team's slack channel | slack_post_message
will it rain tomorrow | weather_forecast
is git installed | check_command_exists, packagekit_list_installed
what operating system is this | get_system_info, hostnamed_describe
change the keyboard layout to german | localed_set_keyboard
make the screen brighter | display_brightness_set
switch to power saver mode | power_profiles_set
which timers will run next | systemd_list_timers
why is booting so slow | systemd_analyze_blame
show me crashed programs | coredump_list
free up space used by old logs | journal_vacuum
kernel errors in dmesg | journal_kernel_messages
add a cron job that runs every night | cron_add_job
show my crontab | cron_list_jobs
list usb devices that are plugged in | hardware_list_usb
how much ram is installed and how many modules | hardware_memory_modules, monitor_memory_usage, get_system_info
load the kernel module for the network card | kernel_load_module
set vm.swappiness to 10 | kernel_set_sysctl
start the vpn | nm_connect_vpn
give eth0 a static address | nm_modify_connection, nm_add_connection
share my internet as a hotspot | nm_create_hotspot
unlock the encrypted disk | udisks_unlock_luks
show unit file of cron.service | systemd_cat_unit_file
limit the memory of a service to 1G | systemd_set_unit_property
reload apache's configuration without downtime | systemd_reload_unit
who tried to log in and failed | accounts_login_history
copy a picture to the clipboard | clipboard_set
pause the music | media_play_pause
next song please | media_next_track
download this iso | download_file
show a popup notification when done | notify_send
connect my airpods again | bluez_connect
forget the saved wifi network | nm_delete_connection
what processes are children of systemd | process_tree
lower the priority of the backup process | process_set_priority
which process holds this file open | process_open_files
route to the internet, which gateway do I use | network_routes, nm_get_ip_config
trace the path packets take to google.com | network_traceroute
compute the sha256 of the image | file_checksum
find duplicate pictures | duplicate_files
put my uncommitted work aside for later | git_stash
clone this repo | git_clone
push to origin | git_push
stop the database container | docker_stop_container
pull the latest ubuntu image | docker_pull_image
set the system language to french | localed_set_locale
is the laptop lid closed | upower_lid_state
wipe the partition table entry sdb2 | udisks_delete_partition, udisks_format
what hardware is this, vendor and model | hostnamed_describe, hardware_list_pci
watch a folder for changes | watch_path
save a restore point before I change things | state_create_checkpoint
was the audit log tampered with | audit_verify
restrat nginx servce | systemd_restart_unit
bluetoth devices | bluez_list_devices
`;

/** Every question, in a fixed order. */
export const questions: readonly Question[] = table
  .trim()
  .split("\n")
  .map((line) => {
    const [text = "", right = ""] = line.split(" | ");
    return { text, right: right.split(", ") };
  });

/** The half that ranking may be tuned on: every other question, starting with the first. */
export const tuningQuestions: readonly Question[] = questions.filter(
  (_question, index) => index % 2 === 0,
);

/** The half that only measures. */
export const heldOutQuestions: readonly Question[] = questions.filter(
  (_question, index) => index % 2 === 1,
);
