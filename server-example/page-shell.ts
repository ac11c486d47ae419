import { html, raw } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'
import { cartQuery, type Quantities } from './cart.ts'
import type { Language } from './language.ts'
import { SHOP_WORDS } from './shop-words.ts'

/** Text that `hono/html` has escaped. */
export type Markup = HtmlEscapedString | Promise<HtmlEscapedString>

/** What one visit puts into a built page. */
export interface PageContent {
  readonly language: Language
  readonly title: string
  readonly body: Markup
  /** For the head, after what the build put there. */
  readonly head?: Markup
  /** Hosts of payment pages beside iPay's own, for the page's script. */
  readonly paymentHosts?: readonly string[]
}

/** Where a built page takes what the server has to say; the build leaves comments as they are. */
const MARKS = { title: '<!--shop:title-->', head: '<!--shop:head-->', body: '<!--shop:body-->' } as const

/**
 * A page as built by Vite, filled for one visit.
 * @throws Error when the page lacks a mark: it was not built from this version's sources.
 */
export async function fillPage(built: string, content: PageContent): Promise<string> {
  const title = await html`<title>${content.title}</title>`
  const hosts = content.paymentHosts?.join(' ')
  const meta = hosts ? await html`<meta name="payment-hosts" content="${hosts}">` : ''
  const parts = { title: `${title}`, head: `${meta}${(await content.head) ?? ''}`, body: `${await content.body}` }
  let page = built.replace('<html lang="en">', `<html lang="${content.language}">`)
  for (const [name, mark] of Object.entries(MARKS)) {
    if (!page.includes(mark)) throw new Error(`The built page has no ${mark}: run "npm run build".`)
    // As a function, because `$&` in a replacement text would mean something.
    page = page.replace(mark, () => parts[name as keyof typeof MARKS])
  }
  return page
}

/** Nothing, where a piece of a page may be absent. */
export const nothing: Markup = raw('')

/** The bar on top of both pages: the shop's name, and the same page in the other language. */
export function pageHeader(language: Language, languageHref: (language: Language) => string): Markup {
  const words = SHOP_WORDS[language]
  const link = (to: Language, name: string) =>
    html`<a href="${languageHref(to)}" lang="${to}" hreflang="${to}" data-language="${to}"${to === language ? raw(' aria-current="true"') : nothing}>${name}</a>`
  return html`<header class="top">
  <a class="brand" href="/?lang=${language}">
    <svg viewBox="0 0 32 32" aria-hidden="true" focusable="false"><path class="bag" d="M7 12h18l-2 14H9z"/><path class="handle" d="M11 15c0-10 10-10 10 0"/></svg>
    <span>${words.shop}</span>
  </a>
  <nav class="languages" aria-label="${words.language}">${link('en', 'English')} ${link('bn', 'বাংলা')}</nav>
</header>`
}

/** The line at the end of both pages, with the way to the merchant's desk where there is one. */
export const pageFooter = (language: Language, deskHref: string | null): Markup => {
  const { demo, desk } = SHOP_WORDS[language]
  return html`<footer class="bottom"><p>${demo}${deskHref === null ? nothing : html` <a href="${deskHref}">${desk}</a>`}</p></footer>`
}

/** The storefront in this language; English is the default and goes without saying. */
export const homeHref = (language: Language): string => (language === 'en' ? '/' : `/?lang=${language}`)

/** Names the end of the cart, where the button to pay is. */
export const PAY_ID = 'cart-pay'

/** The storefront in this language at the button to pay; at its top while nothing is in the cart. */
export const payHref = (language: Language): string => `${homeHref(language)}#${PAY_ID}`

/** The storefront with this cart in this language. */
export const cartHref = (quantities: Quantities, language: Language): string =>
  `/?${cartQuery(quantities)}${language === 'en' ? '' : `&lang=${language}`}`
