/** What buttons of all kinds show: colour, size, icon and text. */

import type { ComponentChildren } from "preact";
import { type Picture, usePicture } from "./files";
import "./face.css";

/** Class names of a button. Unknown variants and sizes show as the default (CP-66). */
export function lookOf({ variant, size }: { variant?: string | null; size?: string | null }): string {
  const colour = ["primary", "stop", "huggingface"].includes(variant ?? "") ? variant : "secondary";
  return `nbb-press nbb-${colour} nbb-${["sm", "md"].includes(size ?? "") ? size : "lg"}`;
}

interface FaceProps {
  icon?: Picture | string | null;
  text?: string | null;
  /** Stands in for the icon if there is none. */
  children?: ComponentChildren;
}

export function Face({ icon, text, children }: FaceProps) {
  const picture = usePicture(icon);
  return (
    <>
      {picture ? <img class="nbb-press-icon" src={picture} alt="" /> : children}
      {text && <span class="nbb-press-text">{text}</span>}
    </>
  );
}
