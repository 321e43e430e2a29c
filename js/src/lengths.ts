/** Heights and widths as users give them: a number of pixels, or any length of CSS. */
export function cssLength(length: number | string | null | undefined): string | undefined {
  if (length == null || length === "") return undefined;
  return typeof length === "number" || /^\d+(\.\d+)?$/.test(length) ? `${length}px` : length;
}
