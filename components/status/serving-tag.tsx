import { Tag } from "@/components/ui/tag";

/** New sessions start from this snapshot. A property, not a status: it stands beside one. */
export function ServingTag() {
  return <Tag look="solid">Serving</Tag>;
}
