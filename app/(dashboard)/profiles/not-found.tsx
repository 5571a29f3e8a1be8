import { NearProfiles } from "./near-profiles";

export default function ProfileNotFound() {
  return <NearProfiles />;
}
