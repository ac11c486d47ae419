/** The form in the default slot of a button: what works without a script, and says what to order with one. */
export const fallbackForm = (element: Element): HTMLFormElement | null =>
  element.querySelector<HTMLFormElement>(':scope > form')

/**
 * The form's fields as an order, by the rule of the endpoint: text stays text, and what is one field of JSON text is that
 * value. Undefined when there is no form.
 */
export function fieldsOf(element: Element): Record<string, unknown> | undefined {
  const form = fallbackForm(element)
  return form
    ? Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, fieldValue(value)]))
    : undefined
}

function fieldValue(value: FormDataEntryValue): unknown {
  if (typeof value !== 'string') return value.name
  try {
    return /^[[{]/.test(value) ? JSON.parse(value) : value
  } catch {
    return value
  }
}
