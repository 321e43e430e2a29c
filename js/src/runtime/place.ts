/** Where a view stands in a notebook: when it goes, that tells whether its cell was deleted, or all of it closed. */

export class Place {
  readonly #el: Element;
  #cell: Element | null = null;
  #book: Element | null = null;

  constructor(el: Element) {
    this.#el = el;
  }

  /** See where it stands: views may be drawn before they are. */
  look(): void {
    if (!this.#el.isConnected) return;
    this.#cell = this.#el.closest(".jp-Cell");
    this.#book = this.#el.closest(".jp-Notebook");
  }

  /** Whether the notebook is still there, and the cell is not. */
  get deleted(): boolean {
    return this.#book?.isConnected === true && this.#cell?.isConnected === false;
  }
}
