import { notFound } from "@/lib/errors";
import { deleteSecret, putSecret } from "@/lib/secrets/change.server";
import { secretName } from "@/lib/secrets/name";
import { putSecretSchema } from "@/lib/secrets/wire";
import { invalidInput } from "@/lib/web/problem.server";
import { route } from "@/lib/web/route.server";

type Params = { name: string };

/** 201 for a new one, 200 for a new value of one that was there; never the value. */
export const PUT = route<Params, typeof putSecretSchema>(
  { role: "operator", body: putSecretSchema },
  async ({ actor, params, body }) => {
    const name = secretName.safeParse(params.name);
    if (!name.success) throw invalidInput(name.error);
    const created = await putSecret(actor, { name: name.data, value: body.value });
    return Response.json(
      { name: name.data, created },
      { status: created ? 201 : 200, headers: { "cache-control": "no-store" } },
    );
  },
);

export const DELETE = route<Params>({ role: "operator" }, async ({ actor, params }) => {
  const name = secretName.safeParse(params.name);
  if (!name.success) throw notFound("secret");
  await deleteSecret(actor, name.data);
  return new Response(null, { status: 204 });
});
