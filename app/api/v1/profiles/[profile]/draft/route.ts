import { AppError } from "@/lib/errors";
import { createDraft, discardDraft, saveDraft } from "@/lib/profiles/draft.server";
import { specSchema } from "@/lib/profiles/spec";
import { getDraft } from "@/lib/profiles/store.server";
import { type DraftWire, newDraftSchema } from "@/lib/profiles/wire";
import { route } from "@/lib/web/route.server";

type Params = { profile: string };

const answer = (draft: DraftWire, status = 200) =>
  Response.json(draft, { status, headers: { etag: `"${draft.revision}"`, "cache-control": "no-store" } });

export const GET = route<Params>({ role: "viewer" }, async ({ params }) =>
  answer(await getDraft(params.profile)),
);

export const PUT = route<Params, typeof specSchema>(
  { role: "operator", body: specSchema },
  async ({ request, actor, params, body }) =>
    answer(await saveDraft(actor, params.profile, expectedRevision(request), body)),
);

export const POST = route<Params, typeof newDraftSchema>(
  { role: "operator", body: newDraftSchema },
  async ({ actor, params, body }) => answer(await createDraft(actor, params.profile, body.from), 201),
);

export const DELETE = route<Params>({ role: "operator" }, async ({ actor, params }) => {
  await discardDraft(actor, params.profile);
  return new Response(null, { status: 204 });
});

/** `If-Match: 3` or `"3"`; without the header, or with `*`, the save goes over whatever is there. */
function expectedRevision(request: Request): number | null {
  const header = request.headers.get("if-match")?.trim() ?? "*";
  if (header === "*") return null;
  const revision = /^(?:W\/)?"?(\d{1,9})"?$/.exec(header)?.[1];
  if (!revision) throw new AppError(400, "invalid_if_match", "Send the draft's revision as “If-Match: 3”.");
  return Number(revision);
}
