/** Once for all engine tests, before the first: the workers that they start are made of today's sources. */
export { bundleWorker as setup } from "@/scripts/setup/worker-bundle.mjs";
