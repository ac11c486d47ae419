import { createElement, StrictMode, useState } from 'react'
import { createPortal } from 'react-dom'
import { createRoot } from 'react-dom/client'
import { IpayButton } from '../../src/bindings/react.ts'

/**
 * A React page in strict mode, where everything is mounted twice; `draw()` renders it again, `turn()` moves the first line of
 * its list to the end, `show()` takes it away.
 */
const heard: string[] = []
let draw: (() => void) | undefined
let turn: (() => void) | undefined
let show: ((shown: boolean) => void) | undefined

function Cart() {
  const [round, setRound] = useState(0)
  const [lines, setLines] = useState(['pay', 'a note', 'terms'])
  const [isShown, setShown] = useState(true)
  draw = () => setRound((before) => before + 1)
  turn = () => setLines((before) => [...before.slice(1), ...before.slice(0, 1)])
  show = setShown
  if (!isShown) return null
  const button = createElement(IpayButton, {
    id: 'pay',
    orderEndpoint: '/orders',
    order: { cart: 'c_81' },
    amount: '1250.00',
    environment: 'sandbox',
    onIpayStart: () => heard.push(`start in round ${round}`),
    onIpayState: (event) => heard.push(event.state),
  })
  const list = lines.map((line) => createElement('li', { key: line }, line === 'pay' ? button : line))
  return createElement(
    'div',
    { 'data-round': round },
    createElement('b', null, `round ${round}`),
    createElement('ul', null, list),
  )
}

function Page() {
  const portal = document.querySelector('#portal')
  return createElement(StrictMode, null, portal ? createPortal(createElement(Cart), portal) : createElement(Cart))
}

createRoot(document.querySelector('#root') ?? document.body).render(createElement(Page))
Object.assign(window, { heard, draw: () => draw?.(), turn: () => turn?.(), show: (shown: boolean) => show?.(shown) })
