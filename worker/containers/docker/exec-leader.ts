/**
 * Ending a command that the engine executes. The engine can start one and tell its number on the host, but not
 * end it; so a shell that becomes the command says its number inside, and a second command ends that process
 * and all that came of it.
 */
import type { OutputChunk } from "../types";
import type { Client } from "./client";
import { withDeadline } from "./deadline";
import { exitCodeOf, startExec } from "./exec-process";

/** Says the shell's number, then becomes the command, which keeps it. The command is arguments, never text. */
export function withLeader(command: string[]): string[] {
  return ["/bin/sh", "-c", 'echo $$; exec "$@"', "kiln", ...command];
}

const LONGEST_LEADER = 12;

/** The command's own output. What the shell said first goes to `onLeader`; without a shell nothing does. */
export async function* withoutLeader(
  output: AsyncIterable<OutputChunk>,
  onLeader: (leader: number) => void,
): AsyncGenerator<OutputChunk, void, void> {
  let held: Uint8Array | null = new Uint8Array();
  for await (const chunk of output) {
    if (held === null || chunk.stream !== "stdout") {
      yield chunk;
      continue;
    }
    const seen: Uint8Array = Buffer.concat([held, chunk.data]);
    const end = seen.indexOf(0x0a);
    if (end < 0 && seen.length < LONGEST_LEADER) {
      held = seen;
      continue;
    }
    const line = Buffer.from(seen.subarray(0, Math.max(end, 0))).toString("latin1");
    const said = /^\d+$/.test(line);
    if (said) onLeader(Number(line));
    held = null;
    yield { stream: "stdout", data: said ? seen.subarray(end + 1) : seen };
  }
  if (held !== null && held.length > 0) yield { stream: "stdout", data: held };
}

/**
 * With nothing but a shell's own words and /proc: collects the leader, its children, its process group and
 * its session until no more are found, and kills them; three times, for what was born in between.
 */
const END_ALL = `
for pass in 1 2 3; do
  found=" $1 "
  more=1
  while [ "$more" = 1 ]; do
    more=0
    for file in /proc/[0-9]*/stat; do
      read -r line < "$file" || continue
      pid=\${line%% *}
      case "$found" in *" $pid "*) continue ;; esac
      rest=\${line##*) }
      for parent in $(set -- $rest; echo "$2 $3 $4"); do
        case "$found" in *" $parent "*) found="$found$pid "; more=1; break ;; esac
      done
    done
  done
  kill -9 $found
done 2>/dev/null
`;

/** Kills the command and everything that came of it and didn't hide. Answers whether the command has ended. */
export async function endCommand(
  client: Client,
  container: string,
  target: { exec: string; leader: number; user: string },
): Promise<boolean> {
  // As the same user, who may kill its own; then as root, for what became another user's.
  for (const user of new Set([target.user, "0"])) {
    const command = ["/bin/sh", "-c", END_ALL, "kiln", String(target.leader)];
    const { opened } = await startExec(client, container, { command, user, workdir: "/" });
    try {
      await withDeadline("end a command", client.deadlines.quick, async () => {
        // To its end, which is when all are killed; what it says doesn't matter.
        for await (const chunk of opened.stream) void chunk;
      });
    } finally {
      opened.close();
    }
    if ((await exitCodeOf(client, target.exec, 1000)) !== null) return true;
  }
  return false;
}
