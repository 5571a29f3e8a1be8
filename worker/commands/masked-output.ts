/** Keeps a session's secrets out of what its commands say, as it is kept and handed on. */
import { maskedForms, type SecretValue } from "@/lib/secrets/forms";
import { Masker } from "@/lib/secrets/masker";
import { Matcher } from "@/lib/secrets/matcher";
import type { ExecAnswer, OutputChunk } from "@/worker/containers/types";

const streams = ["stdout", "stderr"] as const;

export class MaskedOutput {
  private readonly matcher: Matcher;
  private readonly maskers: Record<OutputChunk["stream"], Masker>;

  constructor(secrets: readonly SecretValue[]) {
    this.matcher = new Matcher(maskedForms(secrets));
    this.maskers = { stdout: new Masker(this.matcher), stderr: new Masker(this.matcher) };
  }

  /** What is decided by now. */
  push({ stream, data }: OutputChunk): Uint8Array {
    return this.maskers[stream].push(data);
  }

  /** What was held back. */
  end(): OutputChunk[] {
    return streams.map((stream) => ({ stream, data: this.maskers[stream].end() }));
  }

  /** An answer as a whole. Where it was cut, the beginning of a secret that may have been cut with it goes. */
  answer(given: ExecAnswer): ExecAnswer {
    if (this.matcher.isEmpty) return given;
    const whole = (data: Uint8Array) => {
      const masker = new Masker(this.matcher);
      const decided = masker.push(data);
      return given.truncated ? decided : Buffer.concat([decided, masker.end()]);
    };
    return { ...given, stdout: whole(given.stdout), stderr: whole(given.stderr) };
  }
}
