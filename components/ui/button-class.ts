import { cva, type VariantProps } from "class-variance-authority";

/** How every button and every link that acts like one looks. */
export const buttonClass = cva(
  [
    "inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md border font-medium whitespace-nowrap select-none",
    "transition-[background-color,border-color,color,opacity] [&_svg]:size-4 [&_svg]:shrink-0",
    "disabled:cursor-not-allowed data-disabled:cursor-not-allowed",
  ],
  {
    variants: {
      variant: {
        primary:
          "border-transparent bg-accent text-on-accent hover:not-data-disabled:bg-accent-hover data-disabled:not-aria-busy:bg-selected data-disabled:not-aria-busy:text-muted",
        secondary:
          "border-border-strong bg-surface text-ink hover:not-data-disabled:bg-hover data-popup-open:bg-hover data-disabled:not-aria-busy:border-border data-disabled:not-aria-busy:text-muted",
        ghost:
          "border-transparent text-muted hover:not-data-disabled:bg-hover hover:not-data-disabled:text-ink data-popup-open:bg-hover data-popup-open:text-ink",
        danger:
          "border-border-strong bg-surface text-failed hover:not-data-disabled:border-failed hover:not-data-disabled:bg-failed-soft data-disabled:not-aria-busy:text-muted",
      },
      size: {
        sm: "h-7 px-2.5 text-xs [&_svg]:size-3.5",
        md: "h-8 px-3 text-sm",
        lg: "h-10 px-4 text-base",
      },
    },
    defaultVariants: { variant: "secondary", size: "md" },
  },
);

export type ButtonLook = VariantProps<typeof buttonClass>;
