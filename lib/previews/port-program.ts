/**
 * What connects to a port from within a session: a constant program, the port its argument. It finds out from the kernel where
 * the port is listened on, so programs that listen on the sandbox's own loopback only are reached, too, and a sandbox without a
 * network; says in a line how that went; and from then on is the connection. With bash, or else nc.
 *
 * It ends with whichever side ends first. Left to itself nc goes on when its input has ended, and the engine reads what it says
 * to nobody: a stream whose browser has left would run for ever. So all of its group is ended, when that is its own, as engines
 * make it; else it would be somebody's.
 */
export const NAME = "kiln-preview";

/** Its first line. */
export const CONNECTED = "connected";
export const NOTHING_LISTENS = "nothing listens";
export const NO_TOOL = "no tool";

const BASH = `: ${NAME}
if exec 3<>"/dev/tcp/$1/$2"; then
  echo ${CONNECTED}
  cat <&3 & cat <&0 >&3 &
  wait -n; kill $(jobs -p)
else echo ${NOTHING_LISTENS}; fi`;

export const portProgram = `: ${NAME}
hex=$(printf %04X "$1"); host=
for file in /proc/net/tcp /proc/net/tcp6; do
  [ -z "$host" ] && [ -r $file ] || continue
  while read -r number address remote state rest; do
    case "$address $state" in
      00000000:"$hex 0A") host=127.0.0.1; break ;;
      00000000000000000000000000000000:"$hex 0A") host=127.0.0.1; break ;;
      00000000000000000000000001000000:"$hex 0A") host=::1; break ;;
      ????????:"$hex 0A")
        a=\${address%%:*}; b=\${a%??}; c=\${b%??}; d=\${c%??}
        host=$((0x\${a#??????})).$((0x\${b#????})).$((0x\${c#??})).$((0x$d)); break ;;
    esac
  done < $file
done 2>/dev/null
if [ -z "$host" ]; then echo ${NOTHING_LISTENS}
elif command -v bash >/dev/null && command -v cat >/dev/null; then exec bash -c "$2" ${NAME} "$host" "$1"
elif command -v nc >/dev/null && command -v cat >/dev/null; then
  echo ${CONNECTED}
  read -r pid name state parent group rest < /proc/$$/stat
  [ "$group" = $$ ] || exec nc "$host" "$1"
  exec 3<&0
  { cat <&3; kill 0; } | { nc "$host" "$1"; kill 0; }
else echo ${NO_TOOL}; fi
`;

/** The command that is a connection to the port. */
export const portCommand = (port: number): string[] => [
  "/bin/sh",
  "-c",
  portProgram,
  NAME,
  String(port),
  BASH,
];
