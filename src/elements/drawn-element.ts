import { type HTMLTemplateResult, render } from 'lit/html.js'

/** What the text of an attribute means as the value of its property; null for a property without an attribute. */
export type Reader = ((text: string | null) => unknown) | null

/** The value is the attribute's text. */
export const asText: Reader = (text) => text

/** Stands in where there is no document, so that a server can import the classes too. */
const Base = globalThis.HTMLElement ?? (class {} as typeof HTMLElement)

const attributeOf = (property: string) => property.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
const propertyOf = (attribute: string) => attribute.replace(/-./g, ([, letter = '']) => letter.toUpperCase())

const sheets = new Map<unknown, CSSStyleSheet>()

/**
 * An element that a Lit template draws: when it is connected, and after its properties changed, once however many did.
 * It is what these elements need of Lit's own base class, in a fifth of its size.
 */
export abstract class DrawnElement extends Base {
  /** How the attribute of each property is read. That of `orderEndpoint` is called `order-endpoint`. */
  static properties: Readonly<Record<string, Reader>> = {}
  /** CSS of the shadow root. */
  static styles: readonly string[] = []
  static shadowRootOptions: ShadowRootInit = { mode: 'open' }

  /** The browser asks once, when the class is registered: the time to declare its properties. */
  static get observedAttributes(): string[] {
    // biome-ignore lint/complexity/noThisInStatic: it is the class that is registered
    const { properties, prototype } = this
    return Object.entries(properties).flatMap(([name, read]) => {
      DrawnElement.#declare(prototype, name)
      return read ? attributeOf(name) : []
    })
  }

  static #declare(prototype: DrawnElement, name: string): void {
    Object.defineProperty(prototype, name, {
      configurable: true,
      enumerable: true,
      get(this: DrawnElement) {
        return this.#values[name]
      },
      set(this: DrawnElement, value: unknown) {
        const before = this.#values[name]
        if (Object.is(value, before)) return
        this.#values[name] = value
        this.changed(name, before)
      },
    })
  }

  /** What was set before the class was registered: it hides our properties until it is taken away. */
  readonly #early: readonly [string, unknown][] = Object.entries(this).filter(
    ([name]) => name in Object.getPrototypeOf(this),
  )
  readonly #values: Record<string, unknown> = {}
  #root: ShadowRoot | undefined
  #drawing: Promise<void> | undefined

  constructor() {
    super()
    for (const [name] of this.#early) Reflect.deleteProperty(this, name)
  }

  /** Resolves when everything is drawn that has changed until now. */
  get updateComplete(): Promise<void> {
    return this.#drawing ?? Promise.resolve()
  }

  /** Draws again, soon. */
  requestUpdate(): void {
    this.#drawing ??= Promise.resolve().then(() => {
      this.#drawing = undefined
      if (this.#root && this.isConnected) render(this.draw(), this.#root)
    })
  }

  attributeChangedCallback(attribute: string, _before: string | null, text: string | null): void {
    const name = propertyOf(attribute)
    this.#set(name, (this.constructor as typeof DrawnElement).properties[name]?.(text))
  }

  connectedCallback(): void {
    this.requestUpdate()
    this.#root ??= this.#open()
  }

  /** Called when a property has another value than before. */
  protected changed(_property: string, _before: unknown): void {
    this.requestUpdate()
  }

  /** What the shadow root holds. */
  protected abstract draw(): HTMLTemplateResult

  #set(name: string, value: unknown): void {
    Object.assign(this, { [name]: value })
  }

  #open(): ShadowRoot {
    for (const [name, value] of this.#early) this.#set(name, value)
    // `this.focus()` would do nothing while something inside the tag has the focus, be it drawn or not.
    const focused = this.contains((this.getRootNode() as Document | ShadowRoot).activeElement)
    if (focused) void this.updateComplete.then(() => this.#root?.querySelector('button')?.focus())
    const { shadowRootOptions, styles } = this.constructor as typeof DrawnElement
    const root = this.shadowRoot ?? this.attachShadow(shadowRootOptions)
    // What a server rendered has done its work; Lit would draw beside it.
    root.replaceChildren()
    let sheet = sheets.get(styles)
    if (!sheet) {
      sheet = new CSSStyleSheet()
      sheet.replaceSync(styles.join(''))
      sheets.set(styles, sheet)
    }
    root.adoptedStyleSheets = [sheet]
    return root
  }
}
