import type { Plugin } from 'vite'
import { quantitiesInAddress, STARTER_CART } from '../server-example/cart.ts'
import { GOODS } from '../server-example/goods.ts'
import { languageOf } from '../server-example/language.ts'
import { fillPage } from '../server-example/page-shell.ts'
import { shopPage } from '../server-example/shop-page.ts'
import { thanksPage } from '../server-example/thanks-page.ts'

/**
 * While developing, Vite serves the pages and the shop only its endpoint; this fills them as the shop would, without
 * knowing any payment: `/thanks` begins at "no payment here" until its script has asked.
 */
export function renderShopPages(): Plugin {
  const cartId = `c_${crypto.randomUUID()}`
  return {
    name: 'shop-pages',
    apply: 'serve',
    configureServer(server) {
      server.middlewares.use((request, _response, next) => {
        request.url = request.url?.replace(/^\/thanks(?=\?|$)/, '/demo/thanks.html')
        next()
      })
    },
    transformIndexHtml: {
      order: 'pre',
      handler(page, { path, originalUrl }) {
        const query = new URL(originalUrl ?? path, 'http://localhost').searchParams
        const common = { language: languageOf(query, undefined, undefined), environment: 'sandbox' } as const
        if (path.endsWith('/thanks.html')) {
          return fillPage(
            page,
            thanksPage({ ...common, token: query.get('ipay'), status: undefined, order: null, asked: 0 }),
          )
        }
        if (path !== '/index.html') return page
        const quantities =
          quantitiesInAddress(
            query,
            GOODS.map(({ sku }) => sku),
          ) ?? STARTER_CART
        return fillPage(page, shopPage({ ...common, cart: { id: cartId, quantities }, paidBefore: false }))
      },
    },
  }
}
