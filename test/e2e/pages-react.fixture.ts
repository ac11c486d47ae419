import { createElement, StrictMode, useState } from 'react'
import { createPortal } from 'react-dom'
import { createRoot } from 'react-dom/client'
import { IpayButton } from '../../src/bindings/react.ts'

/** A React page in strict mode, where everything is mounted twice; `draw()` renders it again with another cart list. */
const heard: string[] = []
let draw: (() => void) | undefined

function Cart() {
  const [round, setRound] = useState(0)
  draw = () => setRound((before) => before + 1)
  const button = createElement(IpayButton, {
    id: 'pay',
    orderEndpoint: '/orders',
    order: { cart: 'c_81' },
    amount: '1250.00',
    environment: 'sandbox',
    onIpayStart: () => heard.push(`start in round ${round}`),
    onIpayState: (event) => heard.push(event.state),
  })
  return createElement('div', { 'data-round': round }, createElement('b', null, `round ${round}`), button)
}

function Page() {
  const portal = document.querySelector('#portal')
  return createElement(StrictMode, null, portal ? createPortal(createElement(Cart), portal) : createElement(Cart))
}

createRoot(document.querySelector('#root') ?? document.body).render(createElement(Page))
Object.assign(window, { heard, draw: () => draw?.() })
