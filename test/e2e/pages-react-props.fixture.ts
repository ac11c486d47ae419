import { createElement, StrictMode, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { IpayButton } from '../../src/bindings/react.ts'

/** A React page in strict mode that gives the button whatever `give()` says. */
let give: ((props: object) => void) | undefined

function Page() {
  const [props, setProps] = useState<object>({})
  give = setProps
  return createElement(IpayButton, { orderEndpoint: '/orders', order: { cart: 'c_81' }, amount: '1250.00', ...props })
}

createRoot(document.querySelector('#root') ?? document.body).render(
  createElement(StrictMode, null, createElement(Page)),
)
Object.assign(window, { give: (props: object) => give?.(props) })
