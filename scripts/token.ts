/** Makes an API token; started by `token.mjs`, which finds the database. */
import { parseArgs } from "node:util";
import { createToken } from "@/lib/users/create-token.server";
import { roleSchema } from "@/lib/users/roles";

const { values } = parseArgs({ options: { name: { type: "string" }, role: { type: "string" } } });
const name = values.name?.trim();
const role = roleSchema.safeParse(values.role);
if (!name || name.length > 80 || !role.success) {
  console.error("Usage: npm run token -- --name NAME --role viewer|operator|admin");
  process.exit(2);
}
const { token } = await createToken({ name, role: role.data });
console.log(token);
process.exit(0);
