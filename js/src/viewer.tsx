/** Something alone, as large as the page. */

import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Tool } from "./intake";
import "./viewer.css";

interface ViewerProps {
  name: string;
  onClose: () => void;
  onKey?: (event: KeyboardEvent) => void;
  children: ComponentChildren;
}

/** Escape closes it, and so does a click beside a control. */
export function Viewer({ name, onClose, onKey, children }: ViewerProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => dialog.current?.showModal(), []);
  const close = () => dialog.current?.close();
  return (
    <dialog
      ref={dialog}
      class="nbb-full"
      aria-label={name}
      onClick={(event) => {
        if (!(event.target as Element).closest("button, video")) close();
      }}
      onKeyDown={onKey}
      onClose={onClose}
    >
      {children}
      <Tool icon="shrink" name="Leave full screen" onClick={close} />
    </dialog>
  );
}
