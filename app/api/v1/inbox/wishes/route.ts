import { readWishes } from "@/lib/inbox/wishes.server";
import { personOf } from "@/lib/users/roles";
import { route } from "@/lib/web/route.server";

export const GET = route({ role: "viewer" }, ({ actor }) => readWishes(personOf(actor)));
