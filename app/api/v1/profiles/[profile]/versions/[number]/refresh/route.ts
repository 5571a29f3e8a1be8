import { versionNumber } from "@/lib/profiles/version-number";
import { refreshVersion } from "@/lib/snapshots/request.server";
import { refreshInputSchema } from "@/lib/snapshots/wire";
import { route } from "@/lib/web/route.server";

export const POST = route<{ profile: string; number: string }, typeof refreshInputSchema>(
  { role: "operator", body: refreshInputSchema },
  async ({ actor, params, body }) => {
    const version = versionNumber(params.number);
    const answer = await refreshVersion(actor, {
      profile: params.profile,
      version,
      trigger: actor.kind === "token" ? "api" : "manual",
      ...body,
    });
    return Response.json(answer, { status: answer.joined ? 200 : 202 });
  },
);
