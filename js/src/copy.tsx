/** A small button that puts text on the clipboard. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Icon } from "./icons";
import { focused, putOnPage } from "./roots";

export function CopyButton({ text, onCopy }: { text: string; onCopy?: () => void }) {
  const done = useSignal(false);
  useEffect(() => {
    if (!done.value) return;
    const timer = setTimeout(() => {
      done.value = false;
    }, 1500);
    return () => clearTimeout(timer);
  }, [done.value]);
  const copy = async () => {
    await toClipboard(text);
    done.value = true;
    onCopy?.();
  };
  return (
    <button
      type="button"
      class="nbb-tool nbb-copy"
      aria-label={done.value ? "Copied" : "Copy"}
      title="Copy"
      onClick={copy}
    >
      <Icon name={done.value ? "check" : "copy"} />
    </button>
  );
}

/** Without HTTPS there is no clipboard interface: there the old command does it. */
export async function toClipboard(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const before = focused(document);
    const box = document.createElement("textarea");
    box.value = text;
    box.style.cssText = "position:fixed;opacity:0";
    // Beside what has the focus: a modal dialog lets nothing outside have it.
    if (before?.parentElement) before.after(box);
    else putOnPage(document, box);
    box.select();
    document.execCommand("copy");
    box.remove();
    before?.focus({ preventScroll: true });
  }
}
