import { afterEach, expect, test } from "vitest";
import { Place } from "./place";

afterEach(() => {
  document.body.innerHTML = "";
});

function stand(): { book: Element; cell: Element; place: Place } {
  document.body.innerHTML = '<div class="jp-Notebook"><div class="jp-Cell"><p></p></div></div>';
  const place = new Place(document.querySelector("p")!);
  place.look();
  return { book: document.querySelector(".jp-Notebook")!, cell: document.querySelector(".jp-Cell")!, place };
}

test("a cell that is gone while its notebook stays was deleted", () => {
  // TR-69
  const { cell, place } = stand();
  expect(place.deleted).toBe(false);
  cell.remove();
  place.look();
  expect(place.deleted).toBe(true);
});

test("a notebook that is closed, an output that is cleared and a page without cells are no deletion", () => {
  // TR-69
  const { book, place } = stand();
  book.remove();
  expect(place.deleted).toBe(false);
  const cleared = stand();
  document.querySelector("p")!.remove();
  expect(cleared.place.deleted).toBe(false);
  document.body.innerHTML = "<p></p>";
  const alone = new Place(document.querySelector("p")!);
  alone.look();
  document.body.innerHTML = "";
  expect(alone.deleted).toBe(false);
});
