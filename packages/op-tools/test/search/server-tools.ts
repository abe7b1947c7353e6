/** Agents and MCP servers that people run beside the machine's own services, in the format of `machine-tools.ts`. */
export const serverTools = `
# agents execution
executor_run_command | privileged | shell, terminal | command: program and arguments; cwd: working directory; timeout: seconds | Runs a command in a sandbox and returns its output.
executor_run_script | privileged | shell | script: text; interpreter: bash or python | Runs a script in a sandbox.
executor_list_running | read | shell |  | Lists commands that are still running.
executor_cancel | write | shell | id: task | Cancels a running command.
# procfs processes
process_list | read | ps, top | sort: cpu, memory or pid; limit: at most so many | Lists processes with their CPU and memory use.
process_kill | destructive | signal | pid: process id; signal: TERM, KILL, … | Sends a signal to a process.
process_tree | read | ps | pid: root of the tree | Shows processes as a tree of parents and children.
process_info | read | ps | pid: process id | Shows command line, environment, open files and limits of a process.
process_set_priority | write | nice | pid: process id; nice: −20 to 19 | Changes the scheduling priority of a process.
process_open_files | read | lsof | path: file or directory; pid: process id | Finds which processes have a file open.
process_listening_ports | read | netstat, ss, socket | port: only this port | Lists listening sockets and the process behind each.
network_connections | read | netstat, ss, socket | state: only in this state | Lists established connections with remote address and process.
# monitor metrics
monitor_cpu_usage | read | performance | interval: seconds to measure | Measures processor utilisation per core.
monitor_memory_usage | read | ram, swap |  | Shows used, free, cached and swapped memory.
monitor_disk_usage | read | df, filesystem | path: mount point | Shows used and free space of the mounted filesystems.
monitor_disk_io | read | iostat | device: block device | Measures read and write throughput and latency of block devices.
monitor_network_traffic | read | bandwidth | interface: device | Measures received and sent bytes per second of interfaces.
monitor_temperature | read | sensors, fan |  | Reads temperatures, fan speeds and voltages from sensors.
monitor_load_average | read | performance |  | Shows load average and uptime.
monitor_gpu | read | nvidia, graphics |  | Shows utilisation, memory and temperature of graphics cards.
monitor_pressure | read | psi |  | Shows pressure stall information for processor, memory and I/O.
network_ping | read | icmp, latency | host: target; count: packets | Pings a host and reports loss and round-trip time.
network_traceroute | read | icmp, route | host: target | Shows the hops on the way to a host.
network_speedtest | read | bandwidth |  | Measures download and upload speed of the internet connection.
network_port_check | read | tcp | host: target; port: number | Checks whether a TCP port on a host accepts connections.
network_public_ip | read | address |  | Tells the address under which the machine is seen on the internet.
network_routes | read | route |  | Shows the routing table.
network_arp_table | read | neighbour, mac |  | Lists neighbours on the local network with their MAC addresses.
tls_check_certificate | read | ssl, https | host: target; port: number | Shows issuer, names and expiry of a server's certificate.
# hardware hardware
hardware_list_pci | read | lspci |  | Lists PCI devices and their drivers.
hardware_list_usb | read | lsusb |  | Lists USB devices.
hardware_cpu_info | read | lscpu |  | Shows model, cores, caches and flags of the processor.
hardware_memory_modules | read | dmidecode, dimm |  | Lists memory modules with size, type and speed.
kernel_list_modules | read | lsmod, driver |  | Lists loaded kernel modules.
kernel_load_module | privileged | modprobe, driver | name: module | Loads a kernel module.
kernel_get_sysctl | read | sysctl | key: for example vm.swappiness | Reads a kernel parameter.
kernel_set_sysctl | privileged | sysctl | key: parameter; value: new value | Sets a kernel parameter.
# cron schedule
cron_list_jobs | read | crontab | user: whose | Lists scheduled jobs of the crontab.
cron_add_job | write | crontab | schedule: five fields; command: what to run | Adds a scheduled job to the crontab.
cron_remove_job | destructive | crontab | id: job | Removes a scheduled job.
# filesystem files
read_file | read | text | path: file; head: first lines; tail: last lines | Reads the complete contents of a file as text.
read_media_file | read | image, audio | path: file | Reads an image or audio file as base64.
read_multiple_files | read | text | paths: files | Reads the contents of several files at once.
write_file | destructive | text | path: file; content: new text | Creates a new file or overwrites an existing one.
edit_file | write | text | path: file; edits: replacements; dryRun: only show the diff | Makes line-based edits to a text file and returns a diff.
create_directory | write | folder | path: directory | Creates a directory, with parents.
list_directory | read | folder | path: directory | Lists files and directories in a path.
list_directory_with_sizes | read | folder | path: directory; sortBy: name or size | Lists files and directories with their sizes.
directory_tree | read | folder | path: directory | Shows a recursive tree of files and directories as JSON.
move_file | write | rename | source: path; destination: path | Moves or renames files and directories.
copy_file | write | duplicate | source: path; destination: path | Copies a file or a directory.
delete_file | destructive | remove | path: file; recursive: also directories | Deletes a file or a directory.
search_files | read | find, glob | path: where to start; pattern: glob | Finds files and directories whose name matches a pattern.
grep_files | read | regex, content | path: where to start; regex: what to find | Finds lines in files that match a regular expression.
get_file_info | read | stat | path: file | Shows size, times, owner and permissions of a file.
set_file_permissions | privileged | chmod | path: file; mode: octal | Changes the permissions of a file.
set_file_owner | privileged | chown | path: file; owner: user; group: group | Changes the owner and group of a file.
file_checksum | read | hash, sha256 | path: file; algorithm: sha256, … | Computes the checksum of a file.
archive_create | write | zip, tar, compress | paths: what to pack; target: archive | Packs files into a compressed archive.
archive_extract | write | zip, tar, unpack | archive: file; target: directory | Unpacks an archive.
largest_files | read | du, cleanup | path: where to start; limit: at most so many | Finds the largest files and directories below a path.
duplicate_files | read | cleanup | path: where to start | Finds files with equal contents.
watch_path | read | inotify | path: file or directory; seconds: how long | Reports changes to files as they happen.
# state state
state_plan | read | desired, diff | spec: desired state | Compares desired with present state and shows what would change.
state_apply | privileged | desired | plan: plan id | Applies a plan.
state_rollback | destructive | checkpoint, undo | checkpoint: id | Returns to a checkpoint.
state_list_checkpoints | read | checkpoint |  | Lists checkpoints.
state_create_checkpoint | write | checkpoint, backup | name: label | Saves the present state as a checkpoint.
audit_query | read | audit, security | tool: only this tool; since: earliest time; principal: who | Searches the audit log of tool calls.
audit_verify | read | audit, security |  | Verifies that the audit log was not altered.
# git git
git_status | read | vcs | repo_path: repository | Shows the working tree status.
git_diff_unstaged | read | vcs | repo_path: repository | Shows changes in the working directory that are not yet staged.
git_diff_staged | read | vcs | repo_path: repository | Shows changes that are staged for commit.
git_diff | read | vcs | repo_path: repository; target: branch or commit | Shows differences between branches or commits.
git_commit | write | vcs | repo_path: repository; message: text | Records changes to the repository.
git_add | write | vcs, stage | repo_path: repository; files: paths | Adds file contents to the staging area.
git_reset | destructive | vcs, unstage | repo_path: repository | Unstages all staged changes.
git_log | read | vcs, history | repo_path: repository; max_count: commits | Shows the commit history.
git_create_branch | write | vcs | repo_path: repository; branch_name: name; base_branch: start | Creates a new branch.
git_checkout | write | vcs | repo_path: repository; branch_name: name | Switches branches.
git_show | read | vcs | repo_path: repository; revision: commit | Shows the contents of a commit.
git_branch | read | vcs | repo_path: repository; branch_type: local or remote | Lists branches.
git_blame | read | vcs, author | repo_path: repository; path: file | Shows who last changed each line of a file.
git_push | write | vcs, remote | repo_path: repository; remote: name | Pushes commits to a remote.
git_pull | write | vcs, remote | repo_path: repository; remote: name | Fetches from a remote and merges.
git_clone | write | vcs, remote | url: address; path: target | Clones a repository.
git_stash | write | vcs | repo_path: repository | Puts uncommitted changes aside.
git_merge | write | vcs | repo_path: repository; branch: name | Merges a branch into the current one.
# github github
github_create_issue | write | issue | owner: account; repo: name; title: text; body: text | Creates an issue in a repository.
github_list_issues | read | issue | owner: account; repo: name; state: open, closed or all | Lists issues of a repository.
github_get_issue | read | issue | owner: account; repo: name; issue_number: number | Gets details of an issue.
github_add_issue_comment | write | issue | owner: account; repo: name; issue_number: number; body: text | Adds a comment to an issue.
github_close_issue | write | issue | owner: account; repo: name; issue_number: number | Closes an issue.
github_search_issues | read | issue | query: GitHub search syntax | Searches issues and pull requests.
github_create_pull_request | write | review | owner: account; repo: name; head: branch; base: branch; title: text | Opens a pull request.
github_list_pull_requests | read | review | owner: account; repo: name; state: open, closed or all | Lists pull requests of a repository.
github_merge_pull_request | destructive | review | owner: account; repo: name; pull_number: number; merge_method: merge, squash or rebase | Merges a pull request.
github_get_pull_request_files | read | review, diff | owner: account; repo: name; pull_number: number | Lists the files changed in a pull request.
github_create_review | write | review | owner: account; repo: name; pull_number: number; event: approve or request changes | Submits a review of a pull request.
github_get_workflow_runs | read | actions, ci | owner: account; repo: name; branch: name | Lists runs of GitHub Actions workflows with their result.
github_rerun_workflow | write | actions, ci | owner: account; repo: name; run_id: number | Runs a failed workflow again.
github_get_file_contents | read | content | owner: account; repo: name; path: file | Gets the contents of a file in a repository.
github_search_code | read | content | query: GitHub search syntax | Searches code across repositories.
github_search_repositories | read | repository | query: GitHub search syntax | Searches repositories.
github_fork_repository | write | repository | owner: account; repo: name | Forks a repository to your account.
github_create_release | write | release | owner: account; repo: name; tag: name | Publishes a release.
github_list_commits | read | history | owner: account; repo: name; sha: branch | Lists commits of a branch.
# memory knowledge
create_entities | write | graph | entities: name, type and observations | Creates entities in the knowledge graph.
create_relations | write | graph | relations: from, to and type | Creates relations between entities in the knowledge graph.
add_observations | write | graph | observations: entity and contents | Adds observations to entities of the knowledge graph.
delete_entities | destructive | graph | entityNames: names | Deletes entities and their relations from the knowledge graph.
read_graph | read | graph |  | Reads the entire knowledge graph.
search_nodes | read | graph | query: words | Searches nodes in the knowledge graph.
open_nodes | read | graph | names: entities | Opens nodes of the knowledge graph by name.
# fetch web
fetch | read | http, url | url: address; max_length: characters; raw: without simplification | Fetches a web page and extracts its contents as markdown.
web_search | read | internet | query: words; count: results | Searches the web.
download_file | write | http, url | url: address; path: target | Downloads a file from the web.
# postgres database
postgres_query | read | sql | sql: statement | Runs a read-only SQL query.
postgres_execute | destructive | sql | sql: statement | Executes a SQL statement that changes data.
postgres_list_tables | read | sql, schema | schema: name | Lists tables of a schema.
postgres_describe_table | read | sql, schema | table: name | Shows columns, types and indexes of a table.
postgres_explain | read | sql, performance | sql: statement | Shows how the planner would run a query.
postgres_active_queries | read | sql, performance |  | Lists queries that are running, with their duration.
postgres_backup | write | sql, dump | database: name; path: target | Dumps a database to a file.
sqlite_query | read | sql | path: database file; sql: statement | Runs a query on a SQLite file.
redis_get | read | cache | key: name | Gets the value of a Redis key.
redis_set | write | cache | key: name; value: text; ttl: seconds | Sets the value of a Redis key.
redis_delete | destructive | cache | key: name | Deletes a Redis key.
# puppeteer browser
browser_navigate | write | page | url: address | Opens a page in the browser.
browser_screenshot | read | page, image | selector: element | Takes a screenshot of the page in the browser.
browser_click | write | page | selector: element | Clicks an element of the page.
browser_fill | write | page, form | selector: element; value: text | Fills an input field.
# calendar productivity
calendar_list_events | read | appointment | from: start; to: end | Lists calendar events.
calendar_create_event | write | appointment, meeting | title: text; start: time; end: time; attendees: addresses | Creates a calendar event.
mail_send | write | email | to: addresses; subject: text; body: text | Sends an email message.
mail_search | read | email, inbox | query: words | Searches email messages.
slack_post_message | write | chat | channel: channel; text: message | Posts a message to a Slack channel.
slack_list_channels | read | chat |  | Lists Slack channels.
time_convert | read | clock | time: HH:MM; source_timezone: from; target_timezone: to | Converts a time between time zones.
time_now | read | clock | timezone: IANA name | Gets the current time in a time zone.
weather_forecast | read | weather | place: city; days: number | Gets the weather forecast for a place.
# builtin system
search_tools | read | meta | query: what the tool should do; limit: at most so many | Finds tools by what they do.
describe_tool | read | meta | name: tool | Shows everything about one tool.
server_status | read | meta |  | Shows the state of op-mcp: versions, sources, loaded tools.
get_system_info | read | machine |  | Shows operating system, kernel, architecture, uptime and memory of the machine.
check_command_exists | read | path, which | command: program name | Tells whether a program is installed and where.
`;
