import { expect, it } from "vitest";
import { defaultBaseImage, specSchema } from "@/lib/profiles/spec";
import { createProfileSchema } from "@/lib/profiles/wire";
import { templates } from "./templates";

it.each(templates)("$name is a profile that the server takes", ({ name, description, spec }) => {
  const input = { name, description, spec: { ...spec, baseImage: defaultBaseImage } };
  expect(createProfileSchema.parse(input)).toMatchObject({ name, spec: specSchema.parse(input.spec) });
});
