/** Where the Kiln that is measured listens, and what its profiles start from. */
export const url = process.env.KILN_URL ?? "http://localhost:3000";
export const baseImage = process.env.KILN_DEFAULT_BASE_IMAGE ?? "kiln/base:bookworm";
