/**
 * Sets again what a page set on an element before its class was registered: such a value hides the class's accessor of the
 * same name. Lit does this for the properties that it declares.
 */
export function setEarlyProperties(element: HTMLElement, ...names: string[]): void {
  for (const name of names) {
    if (!Object.hasOwn(element, name)) continue
    const value: unknown = Reflect.get(element, name)
    Reflect.deleteProperty(element, name)
    Reflect.set(element, name, value)
  }
}
