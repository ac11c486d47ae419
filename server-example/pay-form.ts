import { html } from 'hono/html'
import type { Markup } from './page-shell.ts'

/** The way to pay without a script: the order as a plain form. */
export const payForm = (order: { readonly cart: string; readonly items: unknown }, label: string): Markup =>
  html`<form method="post" action="/ipay/orders">
      <input type="hidden" name="cart" value="${order.cart}">
      <input type="hidden" name="items" value="${JSON.stringify(order.items)}">
      <button class="plain-pay">${label}</button>
    </form>`
