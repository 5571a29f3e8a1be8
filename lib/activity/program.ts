/**
 * What looks at a sandbox from within: a constant program with a few forks however many processes there are. Its own
 * processes are known by its name. Control groups of either version are read where the image's tools see them.
 */
export const NAME = "kiln-activity";

export const sections = ["uptime", "memory", "limit", "cpu", "stat", "cmdline", "tcp"] as const;

export const activityProgram = `: ${NAME}
say() { echo "=== $1"; }
first() { for each; do [ -r "$each" ] && { cat "$each"; return; }; done; }
group=/sys/fs/cgroup
say uptime; cat /proc/uptime
say memory; first $group/memory.current $group/memory/memory.usage_in_bytes
say limit; first $group/memory.max $group/memory/memory.limit_in_bytes
say cpu; first $group/cpu.stat $group/cpuacct/cpuacct.usage $group/cpu,cpuacct/cpuacct.usage
say stat; cat /proc/[0-9]*/stat 2>/dev/null
say cmdline; head -c 400 /proc/self/cmdline /proc/[0-9]*/cmdline 2>/dev/null
echo; say tcp; cat /proc/net/tcp /proc/net/tcp6 2>/dev/null
true
`;
