import { Circle, CircleCheck, CircleDashed, CircleSlash2, CircleX, SquareSlash } from "lucide-react";
import { cn } from "@/components/cn";

export type StatusShape = "circle" | "ember" | "check" | "cross" | "slash" | "dashed" | "dot" | "square";

const lucide = {
  circle: Circle,
  check: CircleCheck,
  cross: CircleX,
  slash: CircleSlash2,
  dashed: CircleDashed,
  square: SquareSlash,
};

/** The shape of a status, in the ink of what is around it. Each is told from the others without its colour. */
export function StatusIcon({ shape, className }: { shape: StatusShape; className?: string }) {
  if (shape === "ember") return <Ember className={className} />;
  if (shape === "dot") return <Dot className={className} />;
  const Shape = lucide[shape];
  return <Shape className={cn("size-3.5 shrink-0", className)} strokeWidth={2.25} aria-hidden="true" />;
}

/** Glows while something is being made; stands still under reduced motion. */
function Ember({ className }: { className?: string | undefined }) {
  return (
    <svg
      viewBox="0 0 14 14"
      className={cn("size-3.5 shrink-0 overflow-visible", className)}
      aria-hidden="true"
    >
      <circle
        cx="7"
        cy="7"
        r="6.5"
        fill="currentColor"
        className="origin-center animate-ember"
        opacity="0.3"
      />
      <circle cx="7" cy="7" r="3.25" fill="currentColor" />
    </svg>
  );
}

function Dot({ className }: { className?: string | undefined }) {
  return (
    <svg viewBox="0 0 14 14" className={cn("size-3.5 shrink-0", className)} aria-hidden="true">
      <circle
        cx="7"
        cy="7"
        r="5.75"
        fill="none"
        stroke="currentColor"
        strokeOpacity="0.45"
        strokeWidth="1.25"
      />
      <circle cx="7" cy="7" r="3" fill="currentColor" />
    </svg>
  );
}
