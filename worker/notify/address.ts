/**
 * Which addresses a message may go to. A name is looked up once, what it resolves to is judged, and the connection is
 * made to that very address: one that resolves to something else a moment later gains nothing.
 */
import { lookup as resolve } from "node:dns/promises";
import { isIP, type LookupFunction } from "node:net";
import ipaddr from "ipaddr.js";

export class ForbiddenAddress extends Error {
  override readonly name = "ForbiddenAddress";
}

/** Is it one that anybody on the Internet has? Not this machine, not the own network, not a cloud's metadata. */
export function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  // An IPv4 address in the clothes of an IPv6 one is judged as what it is.
  return ipaddr.process(address).range() === "unicast";
}

/** A lookup for a connection, that gives allowed addresses only. */
export function guardedLookup(allowPrivate: boolean): LookupFunction {
  return (hostname, options, callback) => {
    const family =
      options.family === 4 || options.family === "IPv4"
        ? 4
        : options.family === 6 || options.family === "IPv6"
          ? 6
          : 0;
    resolve(hostname, { all: true, family })
      .then((found) => {
        const allowed = allowPrivate ? found : found.filter(({ address }) => isPublic(address));
        const [first] = allowed;
        if (!first) throw forbidden(hostname);
        if (options.all) callback(null, allowed);
        else callback(null, first.address, first.family);
      })
      .catch((error: NodeJS.ErrnoException) => callback(error, ""));
  };
}

/** No lookup is made for an address that is written out. @throws ForbiddenAddress */
export function refuseLiteral(url: URL, allowPrivate: boolean): void {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (!allowPrivate && isIP(host) !== 0 && !isPublic(host)) throw forbidden(host);
}

const forbidden = (host: string) =>
  new ForbiddenAddress(
    `${host} is an address of this machine or of a private network. An administrator may allow it for this channel.`,
  );
