/** The few icons that blocks draw, on a grid of 16 in the colour of the text around them. */

const paths = {
  bars: "M3 4h10M3 8h6.5M3 12h3.5",
  braces:
    "M6 2.5H5A1.5 1.5 0 0 0 3.5 4v2.5L2.5 8l1 1.5V12A1.5 1.5 0 0 0 5 13.5h1M10 2.5h1A1.5 1.5 0 0 1 12.5 4v2.5l1 1.5-1 1.5V12a1.5 1.5 0 0 1-1.5 1.5h-1",
  calendar: "M2.5 4h11v9.5h-11zM2.5 7h11M5.5 2.5V5M10.5 2.5V5",
  camera: "M2 5h3l1-1.5h4L11 5h3v8H2zM8 11a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4",
  chart: "M2.5 2.5v11h11M5.5 11V8M8.5 11V5M11.5 11V7",
  check: "M3 8.5 6.5 12 13 4.5",
  close: "M4 4l8 8M12 4l-8 8",
  copy: "M5.5 5.5V3h7.5v7.5h-2.5M3 5.5h7.5V13H3z",
  down: "M4 6l4 4 4-4",
  download: "M8 2.5v7.5M4.5 7 8 10.5 11.5 7M3 13.5h10",
  expand: "M9.5 2.5h4v4M13.5 2.5 9.5 6.5M6.5 13.5h-4v-4M2.5 13.5l4-4",
  left: "M10 4 6 8l4 4",
  marker: "M3 13.5h10M5 10.5l.5-2.5 5-5 2 2-5 5z",
  paste: "M6 3H3.5v10.5h9V3H10M6 2h4v2.5H6z",
  picture: "M2.5 3h11v10h-11zM2.5 11l3.5-3.5 3 3 1.5-1.5 3 3M10.2 6.2h.01",
  send: "M8 13V3.5M4 7.5l4-4 4 4",
  play: "M5 3.5v9l7.5-4.5z",
  plus: "M8 3.5v9M3.5 8h9",
  reset: "M3 3v3.5h3.5M3.4 6.5A5 5 0 1 1 3 9",
  right: "M6 4l4 4-4 4",
  shrink: "M13 7H9V3M13.5 2.5 9 7M3 9h4v4M2.5 13.5 7 9",
  stop: "M4.5 4.5h7v7h-7z",
  trash: "M3 4.5h10M6 4.5V3h4v1.5M4.5 4.5l.6 8.5h5.8l.6-8.5M7 7v3.5M9 7v3.5",
  upload: "M8 10.5V3M4.5 6 8 2.5 11.5 6M3 13.5h10",
} as const;

export type IconName = keyof typeof paths;

/** One icon. It says nothing to screen readers: name the button around it. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg
      class="nbb-icon"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      stroke-width="1.4"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={paths[name]} />
    </svg>
  );
}
