/** What the cookies `theme` and `rail` may say; anything else means the default. */
import { z } from "zod";

export const themeSchema = z.enum(["system", "light", "dark"]).catch("system");
export type Theme = z.infer<typeof themeSchema>;

export const railSchema = z.enum(["wide", "narrow"]).catch("wide");
