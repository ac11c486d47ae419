/** The newest style sheet of each list of styles, and the document that it belongs to. */
const sheets = new Map<unknown, [Document, CSSStyleSheet]>()

/** Gives a shadow root its styles. One sheet serves all elements of a kind in a document. */
export function adoptStyles(root: ShadowRoot, styles: unknown): void {
  const { ownerDocument } = root
  const view = ownerDocument.defaultView
  if (!view) return
  let [owner, sheet] = sheets.get(styles) ?? []
  if (!sheet || owner !== ownerDocument) {
    sheet = new view.CSSStyleSheet()
    sheet.replaceSync([styles].flat(9).join(''))
    sheets.set(styles, [ownerDocument, sheet])
  }
  root.adoptedStyleSheets = [sheet]
}
