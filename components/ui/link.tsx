"use client";

import NextLink from "next/link";
import { type ComponentProps, useState } from "react";

/**
 * A link to a page of Kiln's. What the page needs is fetched ahead when somebody is about to go there: points at it,
 * touches it or comes to it by keyboard. Next's own link does so for all that is in sight, which took the server more
 * than the page itself: two requests for each row of a list.
 */
export function Link({ onPointerEnter, onFocus, ...rest }: ComponentProps<typeof NextLink>) {
  const [isNear, setNear] = useState(false);
  return (
    <NextLink
      prefetch={isNear ? "auto" : false}
      {...rest}
      onPointerEnter={(event) => {
        setNear(true);
        onPointerEnter?.(event);
      }}
      onFocus={(event) => {
        setNear(true);
        onFocus?.(event);
      }}
    />
  );
}
