/** Where the dashboard's links to previews lead. Pure. */

/** A page that leads on to the preview, for whoever is signed in. It is to be opened by a plain link: each visit makes a ticket. */
export const previewLink = (sessionId: string, port: number): string =>
  `/sessions/${encodeURIComponent(sessionId)}/preview/${port}`;

/** Where the ports of a session are listed. */
export const activityLink = (sessionId: string): string =>
  `/sessions/${encodeURIComponent(sessionId)}?tab=activity`;
