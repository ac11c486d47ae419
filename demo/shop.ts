import '../src/elements/define.ts'
import {
  type Cart,
  cartQuery,
  changed,
  cookieOfCart,
  orderOfCart,
  readQuantity,
  withQuantity,
} from '../server-example/cart.ts'
import { amountText, countText, type Language } from '../server-example/language.ts'
import { SHOP_WORDS } from '../server-example/shop-words.ts'
import { moneyText } from '../src/contract/money.ts'
import { keepCart, keptCart } from './cart-cookie.ts'
import { namePaymentHosts } from './payment-hosts.ts'

/**
 * The storefront's script. The server has drawn everything already, a line for every good included; this only keeps
 * lines, sums, the button, the address and the cookie in step without a new page for every press.
 */

namePaymentHosts()

const language: Language = document.documentElement.lang === 'bn' ? 'bn' : 'en'
const words = SHOP_WORDS[language]
const form = find(document, 'form#cart', HTMLFormElement)
const lines = [...form.querySelectorAll<HTMLElement>('.line')]
const skus = lines.map(skuOf)
let cart = cartOnPage()

function find<T extends Element>(root: ParentNode, selector: string, type: abstract new () => T): T {
  const found = root.querySelector(selector)
  if (!(found instanceof type)) throw new Error(`The page has no ${selector}`)
  return found
}

function skuOf(line: HTMLElement): string {
  return line.dataset['sku'] ?? ''
}

function nameOf(line: HTMLElement): string {
  return line.querySelector('.name')?.textContent ?? ''
}

function quantityField(line: HTMLElement): HTMLInputElement {
  return find(line, 'input', HTMLInputElement)
}

/** The cart as the server has drawn it. */
function cartOnPage(): Cart {
  const shown = lines.filter((line) => !line.hidden)
  const quantities = new Map(shown.map((line) => [skuOf(line), readQuantity(quantityField(line).value) ?? 0]))
  return { id: form.dataset['cart'] ?? '', quantities }
}

function draw(): void {
  let sum = 0
  let pieces = 0
  for (const line of lines) {
    const quantity = cart.quantities.get(skuOf(line)) ?? 0
    const poisha = Number(line.dataset['poisha']) * quantity
    const field = quantityField(line)
    line.hidden = quantity === 0
    field.disabled = quantity === 0
    field.value = countText(quantity, language)
    setText(line, '[data-line-total]', amountText({ minor: poisha, currency: 'BDT' }, language))
    sum += poisha
    pieces += quantity
  }
  const total = { minor: sum, currency: 'BDT' }
  const order = orderOfCart(cart)
  setText(document, '[data-total]', amountText(total, language))
  setText(document, '[data-pieces]', words.pieces(pieces))
  find(document, '[data-empty]', HTMLElement).hidden = pieces > 0
  for (const name of ['[data-checkout]', '.to-cart']) find(document, name, HTMLElement).hidden = pieces === 0
  form.dataset['cart'] = cart.id
  find(form, '[name=cart]', HTMLInputElement).value = cart.id
  const button = find(document, 'ipay-button', HTMLElement)
  button.setAttribute('order', JSON.stringify(order))
  button.setAttribute('amount', moneyText(total))
  for (const link of document.querySelectorAll<HTMLAnchorElement>('a[data-language]')) {
    link.href = `/?${cartQuery(cart.quantities)}&lang=${link.dataset['language']}`
  }
}

function setText(root: ParentNode, selector: string, text: string): void {
  for (const element of root.querySelectorAll(selector)) element.textContent = text
}

/** Address and cookie say what the page says, so that a reload, the other tab and the way back find this cart. */
function remember(): void {
  const lang = language === 'en' ? '' : `&lang=${language}`
  history.replaceState(history.state, '', `/?${cartQuery(cart.quantities)}${lang}`)
  keepCart(cart)
}

/** Puts `quantity` of a good into the cart and says so to those who cannot see it. */
function change(quantities: Cart['quantities'], line: HTMLElement): void {
  const hadFocus = line.contains(document.activeElement)
  cart = { ...cart, quantities }
  draw()
  remember()
  const quantity = quantities.get(skuOf(line)) ?? 0
  const said = quantity ? words.inCart(nameOf(line), quantity) : words.dropped(nameOf(line))
  setText(document, '[data-said]', said)
  // The pressed button went away with its line; the heading is the nearest thing that stays.
  if (hadFocus && line.hidden) find(document, '#cart-title', HTMLElement).focus()
}

/** Another tab changed the cart, or the server began a new one. */
function adopt(): void {
  const theirs = keptCart(skus)
  if (!theirs || cookieOfCart(theirs) === cookieOfCart(cart)) return
  cart = theirs
  draw()
  remember()
}

document.documentElement.classList.add('scripted')

document.addEventListener('click', (event) => {
  const button = event.target instanceof Element ? event.target.closest('button') : null
  const line = lines.find((candidate) => skuOf(candidate) === button?.value)
  if (!button || button.form !== form || !line) return
  event.preventDefault()
  change(changed(cart.quantities, button.name, button.value), line)
})

form.addEventListener('change', (event) => {
  const line = lines.find((candidate) => candidate.contains(event.target instanceof Node ? event.target : null))
  if (!line) return
  const before = cart.quantities.get(skuOf(line)) ?? 0
  // What is no number leaves the quantity as it was.
  change(withQuantity(cart.quantities, skuOf(line), readQuantity(quantityField(line).value) ?? before), line)
})

form.addEventListener('submit', (event) => event.preventDefault())

// Enter in a field means "done with this number": it fires `change` first, and must not leave the page.
for (const name of ['pageshow', 'focus'] as const) addEventListener(name, adopt)
document.addEventListener('visibilitychange', adopt)
if ('cookieStore' in globalThis) globalThis.cookieStore.addEventListener('change', adopt)
adopt()
