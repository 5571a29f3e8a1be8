/** What a shell that waits for a command is called, so that a list of a sandbox's processes can leave it out. */
export const STANDBY = "kiln-waits-for-a-command";
