/** Keeps a sandbox up until it is told to stop; a shell, because images without `sleep infinity` are common. */
export const KEEP_ALIVE = [
  "/bin/sh",
  "-c",
  "trap 'exit 0' TERM INT; while :; do sleep 86400 & wait $!; done",
];
