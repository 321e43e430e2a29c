/** Handing bytes over to the browser, to save them as a file. */

/** Ms that the bytes stay at hand: browsers have taken hold of them once the click is handled, but for those that ask first. */
const ASKING = 60_000;

/** Let the browser save a file, or what lies at an address. The bytes are let go of after a while, or when the view goes. */
export function offer(file: Blob | string, name: string, view: AbortSignal): void {
  const link = document.createElement("a");
  link.href = typeof file === "string" ? file : URL.createObjectURL(file);
  link.download = name;
  link.click();
  if (typeof file === "string") return;
  const end = () => {
    clearTimeout(timer);
    view.removeEventListener("abort", end);
    URL.revokeObjectURL(link.href);
  };
  const timer = setTimeout(end, ASKING);
  if (view.aborted) end();
  else view.addEventListener("abort", end);
}
