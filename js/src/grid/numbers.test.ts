import { afterEach, expect, test, vi } from "vitest";
import { cellOf, numberIn, written } from "./numbers";
import { show } from "./table";

afterEach(() => vi.restoreAllMocks());

// TR-42
test.each([
  ["en", "1,234", "1234"],
  ["en", "1,234.5", "1234.5"],
  ["en", "1,234,567", "1234567"],
  ["en", "1,23", null],
  ["en", "1,5", null],
  ["en", "1,2345", null],
  ["en", ",234", null],
  ["en", "1234,567", null],
  ["en", "1,234,56", null],
  ["en", "1.234.567", null],
  ["en", "1 234", null],
  ["en", "1.5", "1.5"],
  ["en", "+1.5", "1.5"],
  ["en", "−1.5", "-1.5"],
  ["en", ".5", "0.5"],
  ["en", "5.", "5"],
  ["en", "1e5", "1e5"],
  ["en", "1.5E-3", "1.5E-3"],
  ["en", "1,234e5", null],
  ["en", "0x10", null],
  ["en", "0b1", null],
  ["en", "", null],
  ["en", "-", null],
  ["en", ".", null],
  ["en", "50%", null],
  ["en", "$5", null],
  ["en", "5 €", null],
  ["en", "2024-01-05", null],
  ["en", "1/2", null],
  ["en", "1.2.2024", null],
  ["en", "10:30", null],
  ["en", "--1", null],
  ["en", "1-2", null],
  ["en", "inf", "inf"],
  ["en", "-Infinity", "-inf"],
  ["en", "nan", "NaN"],
  ["de", "1.234", "1234"],
  ["de", "1,5", "1.5"],
  ["de", "1.234,5", "1234.5"],
  ["de", "1,234", "1.234"],
  ["de", "1.5", null],
  ["de", "1.234.567,89", "1234567.89"],
  ["fr", "1\u202f234,5", "1234.5"],
  ["fr", "1 234,5", "1234.5"],
  ["fr", "1\u00a0234", "1234"],
  ["fr", "1 23", null],
  ["fr", "1.5", null],
  ["de-CH", "1'234.5", "1234.5"],
  ["de-CH", "1’234’567", "1234567"],
  ["en-IN", "1,23,456", "123456"],
  ["en-IN", "12,34,567.5", "1234567.5"],
  ["en-IN", "123,456", null],
  ["en-IN", "1,234", "1234"],
  ["hi-IN", "1,23,45,678", "12345678"],
  ["es", "1.234", "1234"],
  ["pl", "12 345,6", "12345.6"],
  ["ar-EG-u-nu-arab", "١٬٢٣٤٫٥", "1234.5"],
  ["fa", "۱۲۳", "123"],
  ["no such language", "1,234", "1234"],
])("%s: a text like %s is read as it is meant there or not at all", (locale, text, number) => {
  expect(numberIn(text, locale)).toBe(number);
});

// TR-42
test("the language is that of the browser", () => {
  vi.spyOn(navigator, "language", "get").mockReturnValue("de-DE");
  expect(numberIn("1.234,5")).toBe("1234.5");
  expect(show(1234.5)).toBe("1234,5");
  expect(numberIn(show(1234.5))).toBe("1234.5");
  expect(show("1234.5")).toBe("1234.5");
});

// TR-42
test("what any language writes is read as what was written", () => {
  for (const locale of [
    "en",
    "de",
    "fr",
    "de-CH",
    "en-IN",
    "hi-IN",
    "es",
    "pl",
    "sv",
    "pt-PT",
    "ja",
    "ar-EG",
    "fa",
    "he",
  ]) {
    for (const number of [0, 1, -1, 0.5, 1234, -1234.5, 123456.75, 12345678, 9876543210.25]) {
      for (const useGrouping of [true, false]) {
        const text = new Intl.NumberFormat(locale, { useGrouping, maximumFractionDigits: 5 }).format(number);
        expect(Number(numberIn(text, locale)), `${locale} ${text}`).toBe(number);
      }
      expect(Number(numberIn(written(String(number), locale), locale))).toBe(number);
    }
  }
});

// TR-40 TR-41
test.each([
  ["9007199254740991", 9007199254740991],
  ["9007199254740993", "9007199254740993"],
  ["-009007199254740993", "-9007199254740993"],
  ["0.1", 0.1],
  ["0.1234567890123456789", "0.1234567890123456789"],
  ["1e308", "1e308"],
  ["5e-324", 5e-324],
  ["1e999", undefined],
  ["-0", "-0"],
  ["-0.0", "-0"],
  ["inf", "inf"],
])("%s goes to the kernel with all its digits", (number, cell) => {
  expect(cellOf(number)).toBe(cell);
});
