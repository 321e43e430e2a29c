/** Addresses from kernels: only those that can not run script. */

const harmless = ["http:", "https:", "mailto:", "blob:"];

/** The address, made absolute, or undefined if it is of a kind that could run script. */
export function safeLink(address: string): string | undefined {
  try {
    const url = new URL(address, document.baseURI);
    return harmless.includes(url.protocol) ? url.href : undefined;
  } catch {
    return undefined;
  }
}

/** Show what lies at an address in a page of its own. */
export function openElsewhere(address: string): void {
  const href = safeLink(address);
  if (href) window.open(href, "_blank", "noopener,noreferrer");
}

/** As {@link safeLink}, and pictures written into the address itself. */
export function safePicture(address: string): string | undefined {
  return /^data:image\//i.test(address) ? address : safeLink(address);
}
