import { html } from 'hono/html'
import type { Language } from './language.ts'
import { homeHref, type PageContent, pageFooter, pageHeader } from './page-shell.ts'
import { SHOP_WORDS } from './shop-words.ts'

/** The page for an address where nothing is, with the way to the shelf. */
export function lostPage(language: Language, hasDesk = false): PageContent {
  const words = SHOP_WORDS[language]
  // The links in the header name a language alone: the address that was asked for is a stranger's, and stays out of them.
  const body = html`${pageHeader(language, (to) => `?lang=${to}`)}
<main class="narrow">
  <h1>${words.lost}</h1>
  <p>${words.lostHint}</p>
  <p><a class="action main" href="${homeHref(language)}">${words.toShop}</a></p>
</main>
${pageFooter(language, hasDesk ? '/desk' : null)}`
  return { language, title: `${words.lost} · ${words.shop}`, body }
}
