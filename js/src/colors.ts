/** Colours as CSS writes them, turned into the one form that a colour input takes. */

const HEX = /^#?([\da-f]{3}|[\da-f]{4}|[\da-f]{6}|[\da-f]{8})$/i;

let pen: CanvasRenderingContext2D | null | undefined;

/** The colour as `#rrggbb`, without its transparency; undefined if the text is none. */
export function hexOf(text: string): string | undefined {
  const given = text.trim().toLowerCase();
  if (HEX.test(given)) {
    const digits = given.replace("#", "");
    const full = digits.length < 6 ? [...digits].map((digit) => digit + digit).join("") : digits;
    return `#${full.slice(0, 6)}`;
  }
  return given ? painted(given) : undefined;
}

/** Let the browser read names, `rgb()`, `hsl()` and whatever else it knows. */
function painted(colour: string): string | undefined {
  if (!globalThis.CSS?.supports?.("color", colour)) return undefined;
  pen ??= document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  if (!pen) return undefined;
  pen.clearRect(0, 0, 1, 1);
  pen.fillStyle = "#000";
  pen.fillStyle = colour;
  const solid = /^#[\da-f]{6}$/.exec(pen.fillStyle);
  if (solid) return solid[0];
  pen.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = pen.getImageData(0, 0, 1, 1).data;
  return `#${[red, green, blue].map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}
