import { MeantPage } from "@/components/frame/meant-page";
import { Page } from "@/components/frame/page";

/** What a page of the dashboard shows when it is asked for what isn't there, or isn't for this person. */
export default function NotFound() {
  return (
    <Page crumbs={[{ label: "Not found" }]}>
      <MeantPage />
    </Page>
  );
}
