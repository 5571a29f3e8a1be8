/** Kiln's own pages on a preview's host: why nothing is shown, and what to do. Pure. */
import { activityLink, previewLink } from "./links";
import type { PreviewName } from "./name";

export type PageCode =
  | "no_such_preview"
  | "not_signed_in"
  | "ticket_refused"
  | "forbidden"
  | "foreign_page"
  | "session_ended"
  | "no_worker"
  | "nothing_listens"
  | "no_tool"
  | "no_answer"
  | "broken_answer"
  | "too_many";

interface Said {
  status: number;
  title: string;
  text: string;
}

export const pages: Record<PageCode, Said> = {
  no_such_preview: {
    status: 404,
    title: "There is no such preview",
    text: "Open it from the session’s page in Kiln: under Activity, each port has a link.",
  },
  not_signed_in: {
    status: 401,
    title: "Open this preview from Kiln",
    text: "This browser has no pass for it, or the pass is too old. Open it again from the session’s page in Kiln: under Activity, each port has a link.",
  },
  ticket_refused: {
    status: 403,
    title: "This link was used, or is too old",
    text: "It opens a preview once. Open it again from the session’s page in Kiln.",
  },
  forbidden: { status: 403, title: "You may not see this preview", text: "" },
  foreign_page: {
    status: 403,
    title: "Another page asked for this",
    text: "Pages of other sessions and other sites may not use this preview. Pages of the same session may.",
  },
  session_ended: { status: 409, title: "The session doesn’t run", text: "" },
  no_worker: {
    status: 503,
    title: "The session’s worker can’t be reached",
    text: "Try again in a moment. If it stays like this, look at Hosts in Kiln.",
  },
  nothing_listens: {
    status: 502,
    title: "Nothing listens on this port",
    text: "Start the program in the session, then reload. Under Activity, the session’s page in Kiln lists the ports where something listens.",
  },
  no_tool: {
    status: 502,
    title: "The session’s image can’t be previewed",
    text: "Kiln reaches the port from within the session, with sh and either bash or nc. Add one of them to the profile’s packages.",
  },
  no_answer: {
    status: 504,
    title: "The program doesn’t answer",
    text: "It listens, and said nothing in time. Look at what it prints in the session.",
  },
  broken_answer: {
    status: 502,
    title: "The program’s answer was broken off",
    text: "It ended in the middle, or doesn’t speak HTTP on this port.",
  },
  too_many: {
    status: 503,
    title: "Too much at once",
    text: "So many requests to this session wait for an answer that no more are taken. Try again in a moment.",
  },
};

const letters: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escaped = (text: string) => text.replace(/[&<>"]/g, (letter) => letters[letter] ?? letter);

export interface OwnPage {
  status: number;
  headers: Record<string, string>;
  body: string;
}

export interface Link {
  href: string;
  text: string;
}

/**
 * @param wantsHtml somebody looks at it; a program gets the same in a line of text
 * @param more.detail said before what the page says by itself; `more.link`: the next step, where it is known
 */
export function ownPage(
  code: PageCode,
  wantsHtml: boolean,
  { detail = "", link = null }: { detail?: string; link?: Link | null } = {},
): OwnPage {
  const { status, title, text } = pages[code];
  const words = [detail, text].filter((each) => each !== "").join(" ");
  return {
    status,
    headers: {
      "content-type": `text/${wantsHtml ? "html" : "plain"}; charset=utf-8`,
      "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
      "cache-control": "no-store",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
      // Tells it from an answer of the program.
      "x-kiln-preview": code,
    },
    body: wantsHtml ? html(title, words, link) : `${title}. ${words}\n`,
  };
}

/** Codes that another ticket may help with. */
const anew = new Set<PageCode>(["not_signed_in", "ticket_refused"]);

/** Where to go from such a page. @param dashboard the address that people use, where it is known */
export function linkFor(
  code: PageCode,
  name: PreviewName | null,
  dashboard: string | undefined,
): Link | null {
  if (!name || dashboard === undefined || !URL.canParse(dashboard)) return null;
  const { session, port } = name;
  return anew.has(code)
    ? { href: new URL(previewLink(session, port), dashboard).href, text: `Open port ${port} again` }
    : { href: new URL(activityLink(session), dashboard).href, text: "Go to the session" };
}

const html = (title: string, words: string, link: Link | null) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)} · Kiln</title>
<style>
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { margin: 0; min-height: 100vh; display: grid; place-items: center }
main { max-width: 32rem; padding: 1.5rem }
h1 { font-size: 1.25rem; margin: 0 0 .5rem }
p { margin: 0 0 1rem }
a { color: inherit }
</style>
<main>
<h1>${escaped(title)}</h1>
<p>${escaped(words)}</p>
${link ? `<p><a href="${escaped(link.href)}">${escaped(link.text)}</a></p>` : ""}
</main>
</html>
`;
