import { receiveHook } from "@/lib/hooks/receive.server";
import { problem } from "@/lib/web/problem.server";
import { readBody } from "@/lib/web/read-body.server";

/** Whoever holds the hook's key may post here: the signature says so, and no session or token does. */
export async function POST(
  request: Request,
  { params }: { params: Promise<{ token: string }> },
): Promise<Response> {
  try {
    const answer = await receiveHook((await params).token, request.headers, () => readBody(request));
    return Response.json(answer, { status: 202, headers: { "cache-control": "no-store" } });
  } catch (error) {
    return problem(error);
  }
}
