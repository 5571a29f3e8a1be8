import { Toast } from "@base-ui/react/toast";

export const toasts = Toast.createToastManager<ToastData>();

export interface ToastData {
  kind: "info" | "ready" | "failed";
  link?: { href: string; label: string };
}

export interface ToastInput {
  title: string;
  description?: string;
  kind?: ToastData["kind"];
  /** Where the thing that it speaks of can be seen. */
  link?: ToastData["link"];
}

/** Tells of something that finished elsewhere or later. What went wrong in a form is said in the form. */
export function toast({ title, description, kind = "info", link }: ToastInput): void {
  toasts.add({
    title,
    ...(description ? { description } : {}),
    priority: kind === "failed" ? "high" : "low",
    timeout: kind === "failed" ? 10_000 : 6000,
    data: link ? { kind, link } : { kind },
  });
}
