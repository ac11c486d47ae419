/**
 * Stands in for `lit` in the file for a script tag: of Lit's base class what these elements use, in a fifth of its size.
 * Everywhere else, in the package's modules and in the tests of the sources, the elements run on Lit itself.
 */
import { type Drawing, render } from './draw-templates.ts'

export { html } from './draw-templates.ts'

/** CSS as plain text: the build makes it small. */
export const css = ({ raw: [text = ''] }: TemplateStringsArray): string => text

/** Of Lit's declaration of a property what ours have. The attribute is called as the property is unless it is named. */
interface Declaration {
  readonly attribute?: string | false
  readonly converter?: (text: string | null) => unknown
}
type Declarations = Readonly<Record<string, Declaration>>

/** Stands in where there is no document, so that a server can import the classes too. */
const Base = globalThis.HTMLElement ?? (class {} as typeof HTMLElement)

/** Of each registered class, by attribute: its property, and how its text is read. */
const declared = new Map<unknown, ReadonlyMap<string, readonly [name: string, read: Declaration['converter']]>>()

/** An element that a template draws: when it is connected, and after its properties changed, once however many did. */
export abstract class LitElement extends Base {
  declare static properties: Declarations
  declare static styles: readonly string[]
  static shadowRootOptions: ShadowRootInit = { mode: 'open' }

  /** The browser asks once, when a class is registered: the time to declare its properties and its parents'. */
  static get observedAttributes(): string[] {
    // biome-ignore lint/complexity/noThisInStatic: it is the class that is registered
    return LitElement.#declareAll(this)
  }

  static #declareAll(type: typeof LitElement): string[] {
    const all: Record<string, Declaration> = {}
    for (let one = type; one !== LitElement; one = Object.getPrototypeOf(one)) Object.assign(all, one.properties)
    const properties = new Map<string, readonly [string, Declaration['converter']]>()
    for (const [name, { attribute = name, converter }] of Object.entries(all)) {
      LitElement.#declare(type.prototype, name)
      if (attribute) properties.set(attribute, [name, converter])
    }
    declared.set(type, properties)
    return [...properties.keys()]
  }

  static #declare(prototype: LitElement, name: string): void {
    Object.defineProperty(prototype, name, {
      configurable: true,
      enumerable: true,
      get(this: LitElement) {
        return this.#values[name]
      },
      set(this: LitElement, value: unknown) {
        const before = this.#values[name]
        if (Object.is(value, before)) return
        this.#values[name] = value
        if (!this.#changed.has(name)) this.#changed.set(name, before)
        this.requestUpdate()
      },
    })
  }

  /** What was set before the class was registered: it hides our properties until it is taken away. */
  readonly #early: readonly [string, unknown][] = Object.entries(this).filter(
    ([name]) => name in Object.getPrototypeOf(this),
  )
  readonly #values: Record<string, unknown> = Object.create(null)
  /** What the properties were that have changed since the last drawing. */
  #changed = new Map<string, unknown>()
  #root: Node | undefined
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
      if (!this.#root || !this.isConnected) return
      const changed = this.#changed
      this.#changed = new Map()
      this.willUpdate(changed)
      render(this.render(), this.#root)
    })
  }

  attributeChangedCallback(attribute: string, _before: string | null, text: string | null): void {
    const [name, read] = declared.get(this.constructor)?.get(attribute) ?? []
    if (name) this.#set(name, read ? read(text) : text)
  }

  /** As with Lit, what is put back is not drawn again unless it asks for that; ours asks each time. */
  connectedCallback(): void {
    this.#root ??= this.#open()
  }

  disconnectedCallback(): void {}

  /** Where it is drawn. */
  protected abstract createRenderRoot(): Node

  /** Before a drawing: what the properties were that have changed. */
  protected abstract willUpdate(changed: ReadonlyMap<string, unknown>): void

  /** What the shadow root holds. */
  protected abstract render(): Drawing

  #set(name: string, value: unknown): void {
    // What only can be read is not set; that must not end the drawing.
    Reflect.set(this, name, value)
  }

  #open(): Node {
    for (const [name, value] of this.#early) this.#set(name, value)
    return this.createRenderRoot()
  }
}
