import type { Journal } from './journal.ts'

/** One collection of records beside the ledger, kept in the same journal. */
export class Documents<T> {
  readonly #name: string
  readonly #journal: Journal
  readonly #values = new Map<string, T>()

  /** `name` tells the collections of one journal apart; what the journal holds under it was written by this class. */
  constructor(name: string, journal: Journal) {
    this.#name = name
    this.#journal = journal
    for (const event of journal.read()) this.#replay(event as Readonly<Record<string, unknown>>)
  }

  get(id: string): T | undefined {
    return this.#values.get(id)
  }

  /** Keeps `value` in the place of what was there. */
  put(id: string, value: T): T {
    this.#journal.append({ type: 'put', collection: this.#name, id, value })
    this.#values.set(id, value)
    return value
  }

  /** All values, oldest first. */
  all(): T[] {
    return [...this.#values.values()]
  }

  /** Empties the collection; the ledger's `forget` writes that into the journal. */
  forget(): void {
    this.#values.clear()
  }

  #replay({ type, collection, id, value }: Readonly<Record<string, unknown>>): void {
    if (type === 'forgotten') this.#values.clear()
    else if (type === 'put' && collection === this.#name) this.#values.set(String(id), value as T)
  }
}
