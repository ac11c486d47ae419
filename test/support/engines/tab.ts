import type { EngineName } from '../browsers.ts'

/** What a page's function may be given and may return: it crosses into another process as JSON. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json }

/**
 * One tab of a real browser. A selector may cross shadow roots: `ipay-button >>> [part=button]`. Every click and key is
 * the engine's own input, trusted like a person's.
 */
export interface Tab {
  readonly engine: EngineName
  /** Goes to an address and returns when its HTML was read. */
  open(url: string): Promise<void>
  click(selector: string): Promise<void>
  /** Clicks in a page that stands in a frame of this one. */
  clickInFrame(frame: string, selector: string): Promise<void>
  doubleClick(selector: string): Promise<void>
  /** Clicks a field and types. */
  type(selector: string, text: string): Promise<void>
  /**
   * Presses a key as often as told without letting go, as a held key does. WebKitWebDriver knows no held key: there the
   * presses follow each other.
   */
  press(key: KeyName, times?: number): Promise<void>
  /** Text as it is shown, spaces collapsed; undefined when nothing matches. */
  text(selector: string): Promise<string | undefined>
  attribute(selector: string, name: string): Promise<string | null>
  /** Runs a function in the page. It sees none of the test's variables: hand them over as arguments. */
  evaluate<Args extends Json[], Result>(work: (...args: Args) => Result, ...args: Args): Promise<Result>
  url(): Promise<string>
  /** In the page, as its Back button does; the page cache is on. */
  back(): Promise<void>
  forward(): Promise<void>
  reload(): Promise<void>
  /** Errors that the page did not catch, as far as the engine tells. */
  readonly faults: readonly string[]
  close(): Promise<void>
}

export type KeyName = 'Enter' | 'Tab' | 'Space'

/** A browser with a profile of its own: other cookies, other storage. */
export interface Visitor {
  readonly engine: EngineName
  newTab(): Promise<Tab>
  close(): Promise<void>
}

/** How a visitor's browser is set up. */
export interface VisitorOptions {
  /** Off: no script of any page runs. Default on. */
  readonly javascript?: boolean
  /** In CSS pixels; default 1000 by 800. */
  readonly size?: { readonly width: number; readonly height: number }
}

/** One started engine. */
export interface Engine {
  readonly name: EngineName
  newVisitor(options?: VisitorOptions): Promise<Visitor>
  close(): Promise<void>
}

/** Runs in the page: the element that a selector with `>>>` names, or null. */
export function findInPage(selector: string): Element | null {
  let scope: ParentNode = document
  let found: Element | null = null
  for (const part of selector.split('>>>')) {
    found = scope.querySelector(part.trim())
    if (!found) return null
    scope = found.shadowRoot ?? found
  }
  return found
}
