/** Templates in Handlebars. */

import Handlebars from "handlebars";
import { Recent } from "../recent";

/** An instance of our own, so that no helper of the host's is called, nor any of ours by the host. */
const own = Handlebars.create();
let cleaner: (markup: string) => string = String;
own.registerHelper("nbbClean", (markup: unknown) => new own.SafeString(cleaner(String(markup ?? ""))));

/** `{{{x}}}` and `{{& x}}` are markup as it comes: here it comes through the sanitiser. */
const RAW = /\{\{\{\s*([\s\S]+?)\s*\}\}\}|\{\{&\s*([\s\S]+?)\s*\}\}/g;

const made = new Recent<ReturnType<typeof own.compile>>();

/** Fill a template with values; `clean` makes markup among them harmless. */
export function fill(template: string, values: Record<string, unknown>, clean: typeof cleaner): string {
  cleaner = clean;
  const filled = made.get(template, () => {
    const harmless = template.replace(RAW, (_, braces?: string, ampersand?: string) => {
      const inner = braces ?? ampersand ?? "";
      return `{{nbbClean ${/\s/.test(inner) ? `(${inner})` : inner}}}`;
    });
    return own.compile(harmless);
  });
  return filled(values);
}
