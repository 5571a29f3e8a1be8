/** Under which domain previews are, as seen by somebody who is at the dashboard. Pure. */
import { AppError } from "@/lib/errors";
import { LOCAL_DOMAIN, labelOf, type PreviewName } from "./name";

export interface Dashboard {
  /** The host that the request named, with its port. */
  host: string;
  /** The address that people use, where it is known. */
  address: string | undefined;
  /** The operator's own domain for previews. */
  domain: string | undefined;
}

const ON_THIS_MACHINE = /^(?:localhost|(?:[a-z0-9-]+\.)+localhost|127(?:\.\d+){3}|\[::1\])$/i;

/**
 * Where the preview is, for whoever uses the dashboard at this address.
 * @throws AppError 409 `no_preview_domain`
 */
export function originOf(name: PreviewName, { host, address, domain }: Dashboard): URL {
  const own = address !== undefined && URL.canParse(address) ? new URL(address) : null;
  if (domain !== undefined) {
    // Whoever has a domain of their own has its certificate too, when the dashboard has one.
    const url = new URL(`${own?.protocol ?? "http:"}//${labelOf(name)}.${domain}`);
    if (url.port === "" && own) url.port = own.port;
    return url;
  }
  const here = URL.canParse(`http://${host}`) ? new URL(`http://${host}`) : null;
  if (!here || !ON_THIS_MACHINE.test(here.hostname))
    throw new AppError(
      409,
      "no_preview_domain",
      "Previews need a domain of their own when Kiln isn’t on your own machine. An administrator sets KILN_PREVIEW_DOMAIN.",
    );
  return new URL(`http://${labelOf(name)}.${LOCAL_DOMAIN}${here.port === "" ? "" : `:${here.port}`}`);
}

/** Is the address in the domain, or under it? Pages that are served there could set cookies for the address. */
export function isUnderDomain(address: string | undefined, domain: string | undefined): boolean {
  const name = domain?.replace(/:\d+$/, "");
  const hostname = address !== undefined && URL.canParse(address) ? new URL(address).hostname : "";
  return name !== undefined && (hostname === name || hostname.endsWith(`.${name}`));
}
