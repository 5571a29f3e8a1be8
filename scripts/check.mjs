/** `npm run check`: the generated client, then types, format and lint, import rules, file sizes. */
import { checks } from "./checks/checks.mjs";
import { installDependencies } from "./setup/dependencies.mjs";
import { generateClient } from "./setup/prisma-client.mjs";
import { describeFailure } from "./setup/refusal.mjs";
import { step } from "./setup/steps.mjs";

let failed = 0;
try {
  await step("Dependencies", installDependencies);
  await step("Database client", generateClient);
} catch (error) {
  console.error(describeFailure(error));
  process.exit(1);
}
for (const { name, check } of checks) {
  try {
    await step(name, check);
  } catch (error) {
    failed++;
    console.error(error instanceof Error && "output" in error ? error.output : describeFailure(error));
  }
}
process.exit(failed > 0 ? 1 : 0);
