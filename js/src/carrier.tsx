/** A button that sets files moving: how far they are, and a second one to give up. */

import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import { Face, lookOf } from "./face";
import type { Picture } from "./files";
import { Icon } from "./icons";
import "./carrier.css";

interface CarrierProps {
  id: string;
  look: { variant?: string | null; size?: string | null };
  icon?: Picture | string | null;
  text?: string | null;
  way: "upload" | "download";
  /** From 0 to 1 while files are on their way, else null. */
  part: number | null;
  disabled: boolean;
  /** Whether files are held over it. */
  over?: boolean;
  onPress(): void;
  onCancel(): void;
  children?: ComponentChildren;
}

const DOING = { upload: "Uploading", download: "Downloading" };

export function Carrier({
  id,
  look,
  icon,
  text,
  way,
  part,
  disabled,
  over,
  onPress,
  onCancel,
  children,
}: CarrierProps) {
  const main = useRef<HTMLButtonElement>(null);
  const busy = part !== null;
  const percent = Math.floor((part ?? 0) * 100);
  const [, colour] = lookOf(look).split(" ");
  const cancel = () => {
    main.current?.focus(); // the button for it goes
    onCancel();
  };
  return (
    <>
      <button
        ref={main}
        type="button"
        id={id}
        class={`${lookOf(look)}${over ? " nbb-over" : ""}`}
        disabled={disabled}
        // Not `disabled`: it would lose the focus.
        aria-disabled={busy}
        aria-busy={busy}
        onClick={() => !busy && onPress()}
        onKeyDown={(event) => {
          if (!busy || event.key !== "Escape") return;
          event.preventDefault();
          event.stopPropagation();
          cancel();
        }}
      >
        {busy ? (
          <>
            <span class="nbb-press-text">
              {DOING[way]} {percent}&nbsp;%
            </span>
            <span class="nbb-press-part" style={{ width: `${percent}%` }} />
          </>
        ) : (
          <Face icon={icon} text={text}>
            <Icon name={way} />
          </Face>
        )}
      </button>
      {busy && (
        <>
          <span class="nbb-sr" role="progressbar" aria-label={`${DOING[way]}: ${text ?? ""}`} aria-valuenow={percent} />
          <button
            type="button"
            class={`nbb-tool nbb-carrier-cancel ${colour}`}
            aria-label={`Cancel the ${way}`}
            title="Cancel"
            onClick={cancel}
          >
            <Icon name="close" size={14} />
          </button>
        </>
      )}
      {children}
    </>
  );
}
