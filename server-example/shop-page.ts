import { html, raw } from 'hono/html'
import { moneyText } from '../src/contract/money.ts'
import type { Environment } from '../src/contract/states.ts'
import { type Cart, orderOfCart } from './cart.ts'
import { findGood, type PricedLine, totalOf } from './catalogue.ts'
import { GOODS, type Good } from './goods.ts'
import { amountText, countText, type Language } from './language.ts'
import { type Markup, nothing, PAY_ID, type PageContent, pageFooter, pageHeader } from './page-shell.ts'
import { payForm } from './pay-form.ts'
import { SHOP_WORDS } from './shop-words.ts'

/** What the storefront shows to one visit. */
export interface ShopView {
  readonly language: Language
  readonly cart: Cart
  readonly environment: Environment
  /** The cart that the visitor had is paid, and this is a fresh one. */
  readonly paidBefore: boolean
  /** There is a merchant's desk to lead to. */
  readonly hasDesk?: boolean | undefined
}

const linesOf = ({ quantities }: Cart): PricedLine[] =>
  [...quantities].flatMap(([sku, quantity]) => {
    const good = findGood(sku)
    return good ? [{ good, quantity }] : []
  })

const hiddenIf = (condition: boolean): Markup => (condition ? raw(' hidden') : nothing)

const taka = (poisha: number, language: Language) => amountText({ minor: poisha, currency: 'BDT' }, language)

/** The storefront: shelf, cart and the button. Complete without a script; `demo/shop.ts` makes it quicker with one. */
export function shopPage(view: ShopView): PageContent {
  const { language } = view
  const words = SHOP_WORDS[language]
  const isEmpty = view.cart.quantities.size === 0
  const body = html`<a class="skip" href="#cart-title">${words.skip}</a>
${pageHeader(language, (to) => `/?lang=${to}`)}
<main>
  <!-- Enter in a field presses the form's first button, which must not be one that adds something. -->
  <button class="default-submit" form="cart" tabindex="-1" aria-hidden="true"></button>
  <section class="hero">
    <h1>${words.tagline}</h1>
    <p>${words.lead}</p>
  </section>
  ${view.paidBefore ? html`<p class="notice" role="status">${isEmpty ? words.paidBefore : words.paidAndFilled}</p>` : nothing}
  <div class="columns">
    <section aria-labelledby="goods-title">
      <h2 id="goods-title">${words.goods}</h2>
      <ul class="goods">${GOODS.map((good, index) => card(good, language, index))}</ul>
      <a class="to-cart" href="#cart-title"${hiddenIf(isEmpty)}><span>${words.cart}</span> <span data-total>${amountText(totalOf(linesOf(view.cart)), language)}</span></a>
    </section>
    <section class="cart" aria-labelledby="cart-title">
      ${cartPanel(view)}
    </section>
  </div>
</main>
${pageFooter(language, view.hasDesk ? '/desk' : null)}`
  return { language, title: words.title, body }
}

function card(good: Good, language: Language, index: number): Markup {
  const words = SHOP_WORDS[language]
  const name = good.name[language]
  return html`<li class="good">
  <img src="/art/${good.sku}.svg" width="240" height="180" alt=""${index > 3 ? raw(' loading="lazy"') : nothing}>
  <h3>${name}</h3>
  <p class="note">${good.note[language]}</p>
  <p class="price">${taka(good.poisha, language)}</p>
  <button class="add" form="cart" name="more" value="${good.sku}" aria-label="${words.addOf(name)}">${words.add}</button>
</li>`
}

function cartPanel({ language, cart, environment }: ShopView): Markup {
  const words = SHOP_WORDS[language]
  const lines = linesOf(cart)
  const total = totalOf(lines)
  const amount = amountText(total, language)
  const order = orderOfCart(cart)
  const pieces = lines.reduce((sum, line) => sum + line.quantity, 0)
  return html`<h2 id="cart-title" tabindex="-1">${words.cart} <span class="pieces" data-pieces>${words.pieces(pieces)}</span></h2>
<form id="cart" method="get" action="/" data-cart="${cart.id}" autocomplete="off">
  ${language === 'en' ? nothing : html`<input type="hidden" name="lang" value="${language}">`}
  <input type="hidden" name="cart" value="${cart.id}">
  <ul class="lines">${GOODS.map((good) => line(good, cart.quantities.get(good.sku) ?? 0, language))}</ul>
  <button class="update"${hiddenIf(pieces === 0)}>${words.update}</button>
</form>
<p class="empty" data-empty${hiddenIf(pieces > 0)}>${words.empty}</p>
<div class="checkout" id="${PAY_ID}" data-checkout${hiddenIf(pieces === 0)}>
  <dl class="totals">
    <div><dt>${words.subtotal}</dt><dd data-total>${amount}</dd></div>
    <div><dt>${words.delivery}</dt><dd>${words.free}</dd></div>
    <div class="sum"><dt>${words.total}</dt><dd data-total>${amount}</dd></div>
  </dl>
  <ipay-button order-endpoint="/ipay/orders" environment="${environment}" label="pay" amount="${moneyText(total)}"
    return-to="${language === 'en' ? '/thanks' : `/thanks?lang=${language}`}" order="${JSON.stringify(order)}">
    ${payForm(order, words.pay(amount))}
  </ipay-button>
  <p class="pay-note">${words.payNote}</p>
</div>
<p class="visually-hidden" aria-live="polite" data-said></p>`
}

/** A line of the cart. All goods have one, so that a script only has to show it; a disabled field is not sent. */
function line(good: Good, quantity: number, language: Language): Markup {
  const words = SHOP_WORDS[language]
  const name = good.name[language]
  const hidden = quantity === 0
  const price = taka(good.poisha, language)
  return html`<li class="line" data-sku="${good.sku}" data-poisha="${good.poisha}"${hiddenIf(hidden)}>
  <img src="/art/${good.sku}.svg" width="64" height="48" alt="">
  <div class="what"><span class="name">${name}</span> <span class="each">${words.each(price)}</span></div>
  <div class="stepper">
    <button name="less" value="${good.sku}" aria-label="${words.lessOf(name)}">−</button>
    <input name="${good.sku}" value="${countText(quantity, language)}" inputmode="numeric" maxlength="2" pattern="[0-9০-৯]{1,2}" aria-label="${words.quantityOf(name)}"${hidden ? raw(' disabled') : nothing}>
    <button name="more" value="${good.sku}" aria-label="${words.moreOf(name)}">+</button>
  </div>
  <span class="line-total" data-line-total>${taka(good.poisha * quantity, language)}</span>
  <button class="drop" name="drop" value="${good.sku}" aria-label="${words.dropOf(name)}">${words.drop}</button>
</li>`
}
