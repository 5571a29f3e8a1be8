/** How a container is known that waits for a build: one that a build took has that build's name. */
import { v7 as uuidv7 } from "uuid";

const PREFIX = "kiln-waiting-";

export const waitingName = () => `${PREFIX}${uuidv7()}`;
export const isWaiting = (name: string) => name.startsWith(PREFIX);
