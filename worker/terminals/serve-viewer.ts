/** From a ticket to a terminal, and what its browser says from then on. */
import type { RawData, WebSocket } from "ws";
import { log } from "@/lib/log.server";
import { whyNotStay } from "@/lib/terminals/may-stay.server";
import { noteInput, takeTicket } from "@/lib/terminals/store.server";
import type { TicketClaim } from "@/lib/terminals/ticket.server";
import { fromBrowserSchema } from "@/lib/terminals/wire";
import { EngineError } from "@/worker/containers/types";
import type { Shell } from "./shell";
import type { Shells } from "./shells";
import { Viewer } from "./viewer";

/** Until the browser says its own. */
const FIRST_SIZE = { columns: 80, rows: 24 };
const NOTE_MS = 60_000;

export async function serveViewer(socket: WebSocket, claim: TicketClaim, shells: Shells): Promise<void> {
  let shell: Shell | null = null;
  const viewer = new Viewer(socket, claim.credential, (behind) => void shell?.refresh(behind));
  // What is typed while the shell is still being started is taken then.
  socket.pause();
  if (!(await takeTicket(claim.id, claim.expiresAt)))
    return viewer.end({
      code: "ticket_refused",
      message: "The ticket was used, or is too old.",
      exitCode: null,
    });
  const refused = await whyNotStay(claim.whose, null, claim.credential);
  if (refused) return viewer.end({ ...refused, exitCode: null });
  const found = await shells.get(claim, FIRST_SIZE).catch((error: unknown) => {
    if (!(error instanceof EngineError)) throw error;
    viewer.end({ code: "failed", message: error.message, exitCode: null });
    return null;
  });
  if (!found) return;
  shell = found;
  socket.on("close", () => found.detach(viewer));
  listen(socket, claim, found, viewer);
  await found.attach(viewer);
  if (socket.readyState !== socket.OPEN) found.detach(viewer);
  socket.resume();
}

function listen(socket: WebSocket, { terminal }: TicketClaim, shell: Shell, viewer: Viewer): void {
  let noted = Number.NEGATIVE_INFINITY;
  /** One after the other, in the order in which they came. */
  let doing: Promise<void> = Promise.resolve();
  const input = async (data: Uint8Array) => {
    if (performance.now() - noted > NOTE_MS) {
      noted = performance.now();
      noteInput(terminal).catch((error: unknown) =>
        log.warn({ err: error, terminal }, "that a terminal is used could not be noted"),
      );
    }
    await shell.input(data);
  };
  const hear = async (data: RawData, isBinary: boolean) => {
    const bytes = Buffer.isBuffer(data)
      ? data
      : Buffer.concat([data].flat().map((each) => Buffer.from(new Uint8Array(each))));
    if (isBinary) return input(bytes);
    const message = fromBrowserSchema.parse(JSON.parse(bytes.toString()));
    if (message.type === "shown") viewer.shown(message.bytes);
    else if (message.type === "size")
      await shell.resize({ columns: message.columns, rows: message.rows }, viewer);
    else await shell.end({ code: "closed", message: "The shell was closed.", exitCode: null });
  };
  socket.on("message", (data, isBinary) => {
    // The shell's pace is the browser's: nothing is read while it takes nothing.
    socket.pause();
    doing = doing
      .then(() => hear(data, isBinary))
      .catch((error: unknown) => {
        log.info({ err: error, terminal }, "a terminal's viewer said what can't be done");
        socket.close(1008);
      })
      .finally(() => socket.resume());
  });
}
