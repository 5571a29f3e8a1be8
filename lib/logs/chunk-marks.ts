/** The marks of a chunk as it is stored, for whoever stores it. */
import { decodeLines, plainData, type StoredChunk } from "./chunk";
import { type Mark, marksOf, mayHaveMarks } from "./marks";

/** Most chunks have none, and are only looked through as bytes: a build that prints fast isn't slowed by it. */
export function marksOfChunk(chunk: StoredChunk): Mark[] {
  const { buffer, byteOffset, length } = plainData(chunk.data);
  if (!mayHaveMarks(Buffer.from(buffer, byteOffset, length).toString("latin1"))) return [];
  return marksOf(decodeLines(chunk), chunk.firstLine);
}
