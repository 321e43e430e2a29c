/**
 * Formulas, drawn by KaTeX.
 *
 * As HTML in KaTeX's own fonts, with MathML beside it for screen readers. MathML alone would make this chunk half as
 * large, but it looks as good as the fonts of the reader's system: without a mathematical one among them, as on most,
 * roots, sums and brackets come out thin or in pieces, and it looks otherwise in each browser. The fonts come as bytes,
 * not as addresses, because notebook servers forbid pages to take fonts from elsewhere. Of the rare alphabets only the
 * regular cut is here; browsers make the bold one of it.
 */

import katex from "katex";
import AMS from "katex/dist/fonts/KaTeX_AMS-Regular.woff2";
import Caligraphic from "katex/dist/fonts/KaTeX_Caligraphic-Regular.woff2";
import Fraktur from "katex/dist/fonts/KaTeX_Fraktur-Regular.woff2";
import MainBold from "katex/dist/fonts/KaTeX_Main-Bold.woff2";
import MainItalic from "katex/dist/fonts/KaTeX_Main-Italic.woff2";
import Main from "katex/dist/fonts/KaTeX_Main-Regular.woff2";
import MathBold from "katex/dist/fonts/KaTeX_Math-BoldItalic.woff2";
import MathItalic from "katex/dist/fonts/KaTeX_Math-Italic.woff2";
import SansSerif from "katex/dist/fonts/KaTeX_SansSerif-Regular.woff2";
import Script from "katex/dist/fonts/KaTeX_Script-Regular.woff2";
import Size1 from "katex/dist/fonts/KaTeX_Size1-Regular.woff2";
import Size2 from "katex/dist/fonts/KaTeX_Size2-Regular.woff2";
import Size3 from "katex/dist/fonts/KaTeX_Size3-Regular.woff2";
import Size4 from "katex/dist/fonts/KaTeX_Size4-Regular.woff2";
import Typewriter from "katex/dist/fonts/KaTeX_Typewriter-Regular.woff2";
import css from "katex/dist/katex.css?inline";

export { css };

const fonts: [name: string, bytes: unknown, descriptors?: FontFaceDescriptors][] = [
  ["AMS", AMS],
  ["Caligraphic", Caligraphic],
  ["Fraktur", Fraktur],
  ["Main", Main],
  ["Main", MainBold, { weight: "bold" }],
  ["Main", MainItalic, { style: "italic" }],
  ["Math", MathItalic, { style: "italic" }],
  ["Math", MathBold, { style: "italic", weight: "bold" }],
  ["SansSerif", SansSerif],
  ["Script", Script],
  ["Size1", Size1],
  ["Size2", Size2],
  ["Size3", Size3],
  ["Size4", Size4],
  ["Typewriter", Typewriter],
];

// Where there is no layout there are no fonts.
if ("FontFace" in globalThis) {
  for (const [name, bytes, descriptors] of fonts) {
    document.fonts.add(new FontFace(`KaTeX_${name}`, bytes as BufferSource, descriptors));
  }
}

/** The HTML of a formula; one that TeX can not read is shown as it was written, with the reason as its title. */
export function renderFormula(tex: string, display: boolean): string {
  return katex.renderToString(tex, {
    displayMode: display,
    throwOnError: false,
    errorColor: "var(--nbb-error)",
    strict: "ignore",
    trust: false,
    // A formula may not grow over the page around it.
    maxSize: 50,
  });
}
