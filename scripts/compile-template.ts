/** A template of which Lit's parser has nothing to find any more. */
export interface CompiledTemplate {
  /** With an empty comment for each child that is bound. */
  readonly html: string
  /**
   * What is bound, in order, with blanks between: a place, counted over elements and comments, and for an attribute its name,
   * with Lit's sign before it (`0?disabled 0@click 3`).
   */
  readonly bound: string
}

/**
 * Compiles a template from its static texts.
 * @throws Error for what our templates do not use: bindings to a part of an attribute, to a property, to an element.
 */
export function compileTemplate(texts: readonly string[]): CompiledTemplate {
  // A child that is bound needs something before it to stand after.
  let html = texts[0] ? '' : '<?>'
  const bound: string[] = []
  for (const [n, text] of texts.entries()) {
    html += text.replace(/\s*\n\s*/g, ' ')
    if (n === texts.length - 1) break
    const place = html.match(/<[a-z?]/g)?.length ?? 0
    const [found, name] = /\s([?@]?[a-zA-Z-]+)=$/.exec(html) ?? []
    if (html.lastIndexOf('<') <= html.lastIndexOf('>')) {
      html += '<?>'
      bound.push(`${place}`)
    } else if (found && name) {
      html = html.slice(0, -found.length)
      bound.push(`${place - 1}${name}`)
    } else throw new Error(`this template binds what is neither a child nor a whole attribute: ${texts.join('…')}`)
  }
  return { html: html.replace(/ +>/g, '>'), bound: bound.join(' ') }
}
