import { createApp, h, ref, Teleport } from 'vue'
import { IpayButton } from '../../src/bindings/vue.ts'

/** A Vue page; `draw()` renders it again, `turn()` moves the first line of its list to the end, `show()` takes it away. */
const heard: string[] = []
const round = ref(0)
const lines = ref(['pay', 'a note', 'terms'])
const isShown = ref(true)

createApp({
  render: () => {
    if (!isShown.value) return null
    const button = h(IpayButton, {
      id: 'pay',
      orderEndpoint: '/orders',
      order: { cart: 'c_81' },
      amount: '1250.00',
      environment: 'sandbox',
      'onIpay-start': () => heard.push(`start in round ${round.value}`),
      'onIpay-state': (event: { readonly state: string }) => heard.push(event.state),
    })
    const list = lines.value.map((line) => h('li', { key: line }, line === 'pay' ? button : line))
    const cart = h('div', { 'data-round': round.value }, [h('b', `round ${round.value}`), h('ul', list)])
    return document.querySelector('#portal') ? h(Teleport, { to: '#portal' }, cart) : cart
  },
}).mount('#root')
Object.assign(window, {
  heard,
  draw: () => round.value++,
  turn: () => {
    lines.value = [...lines.value.slice(1), ...lines.value.slice(0, 1)]
  },
  show: (shown: boolean) => {
    isShown.value = shown
  },
})
