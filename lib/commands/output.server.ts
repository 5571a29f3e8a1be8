/**
 * The output of a streamed command on its way from the worker that hears it to the web process that hands it on, and its
 * input on the way there. Each chunk is a row until it is taken: what waits is bounded by the taker's pace, and nothing of it is
 * kept.
 */
import { db } from "@/lib/db/client.server";

export interface OutputPiece {
  stream: "stdout" | "stderr";
  data: Uint8Array;
}

/**
 * The lock orders it with a reader that leaves: what is written is there to be deleted, or isn't written.
 * @returns false when nobody reads it any more, or it has ended. Safe to repeat with the same number.
 */
export async function writePiece(
  commandId: string,
  seq: number,
  { stream, data }: OutputPiece,
): Promise<boolean> {
  const [row] = await db().$queryRaw<Array<{ wanted: boolean }>>`
    WITH wanted AS (SELECT id FROM session_commands WHERE id = ${commandId}::uuid AND streamed AND status = 'running' FOR SHARE),
    written AS (
      INSERT INTO command_chunks (command_id, seq, stream, data) SELECT id, ${seq}::int, ${stream}, ${new Uint8Array(data)}::bytea FROM wanted
      ON CONFLICT DO NOTHING)
    SELECT EXISTS (SELECT 1 FROM wanted) AS wanted`;
  return row?.wanted === true;
}

/** How many pieces of its output, or of its input, wait to be taken. */
export function countPieces(commandId: string, incoming = false): Promise<number> {
  return db().commandChunk.count({ where: { commandId, incoming } });
}

const TAKEN_AT_ONCE = 64;

/** Takes what has come since, in order: a piece is handed on once. */
export async function takePieces(commandId: string): Promise<OutputPiece[]> {
  const rows = await db().$queryRaw<Array<{ stream: string; data: Uint8Array }>>`
    WITH taken AS (
      DELETE FROM command_chunks WHERE command_id = ${commandId}::uuid AND NOT incoming AND seq IN (
        SELECT seq FROM command_chunks WHERE command_id = ${commandId}::uuid AND NOT incoming ORDER BY seq LIMIT ${TAKEN_AT_ONCE}::int)
      RETURNING seq, stream, data)
    SELECT stream, data FROM taken ORDER BY seq`;
  return rows.map(({ stream, data }) => ({ stream: stream === "stderr" ? "stderr" : "stdout", data }));
}

/** The reader has left: what comes from now on is dropped where it is heard. */
export async function stopReading(commandId: string): Promise<void> {
  await db().$transaction([
    db().sandboxCommand.updateMany({ where: { id: commandId }, data: { streamed: false } }),
    db().commandChunk.deleteMany({ where: { commandId } }),
  ]);
}

/** A piece of its input. @returns false when it takes no more: it has ended. */
export async function giveInput(commandId: string, seq: number, data: Uint8Array): Promise<boolean> {
  const given = await db().$executeRaw`
    INSERT INTO command_chunks (command_id, incoming, seq, stream, data)
    SELECT id, true, ${seq}::int, 'stdin', ${new Uint8Array(data)}::bytea FROM session_commands
    WHERE id = ${commandId}::uuid AND status IN ('queued', 'running') FOR SHARE`;
  return given === 1;
}

export interface InputPiece {
  seq: number;
  data: Uint8Array;
}

/**
 * The next piece of its input; null while there is none. What was taken before it goes only now, so it is safe to repeat: an answer
 * that was lost comes again.
 * @param after the number of the piece that was taken last; null at the beginning
 */
export async function takeInput(commandId: string, after: number | null): Promise<InputPiece | null> {
  const [row] = await db().$queryRaw<InputPiece[]>`
    WITH taken AS (DELETE FROM command_chunks WHERE command_id = ${commandId}::uuid AND incoming AND seq <= ${after ?? -1}::int)
    SELECT seq, data FROM command_chunks WHERE command_id = ${commandId}::uuid AND incoming AND seq > ${after ?? -1}::int
    ORDER BY seq LIMIT 1`;
  return row ?? null;
}

/** All of its input was taken. Safe to repeat. */
export async function forgetInput(commandId: string): Promise<void> {
  await db().commandChunk.deleteMany({ where: { commandId, incoming: true } });
}
