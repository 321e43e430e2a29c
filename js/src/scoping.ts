/** Style sheets of authors, kept to the part of the page that is theirs. */

/** What is of the whole page wherever it stands, and draws nothing by itself. */
const FREE = /^@(-webkit-)?(keyframes|font-face|property|counter-style)/;

/** The style sheet, made to apply below `scope` alone (AP-15). */
export function scoped(css: string, scope: string): string {
  const text = balanced(css).join("\n");
  return "CSSScopeRule" in globalThis ? `@scope (${scope}) {\n${text}\n}` : `${scope} {\n${text}\n}`;
}

/** As {@link scoped}, but animations and fonts are outside, where a scope would not have them. */
export function scopedFreely(css: string, scope: string): string {
  const rules = balanced(css);
  const free = rules.filter((rule) => FREE.test(rule));
  return [...free, scoped(rules.filter((rule) => !FREE.test(rule)).join("\n"), scope)].join("\n");
}

/** Its rules, written out again by the parser, so that no stray brace can end the scope early. It takes no `@import`. */
function balanced(css: string): string[] {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    return Array.from(sheet.cssRules, (rule) => rule.cssText);
  } catch {
    return [css];
  }
}
